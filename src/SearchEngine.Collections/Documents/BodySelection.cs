using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Documents;

/// <summary>Which attributes and texts are wanted of a document.</summary>
internal sealed class BodySelection
{
    private readonly bool[]? _attributes;
    private readonly bool[]? _texts;

    private BodySelection(bool[]? attributes, bool[]? texts)
    {
        _attributes = attributes;
        _texts = texts;
    }

    public static BodySelection All { get; } = new(null, null);

    public static BodySelection None { get; } = new([], []);

    /// <param name="attributes">Names; null for all.</param>
    /// <param name="texts">Names; null for all.</param>
    /// <exception cref="CollectionException">AttributeUnknown.</exception>
    public static BodySelection Of(CollectionSchema schema, IReadOnlyList<string>? attributes, IReadOnlyList<string>? texts) => new(
        attributes is null ? null : Marked(attributes, schema.Attributes.Count, schema.AttributeAt, "attributes"),
        texts is null ? null : Marked(texts, schema.Texts.Count, schema.TextAt, "texts"));

    public bool HasAttribute(int position) => _attributes is null || (position < _attributes.Length && _attributes[position]);

    public bool HasText(int position) => _texts is null || (position < _texts.Length && _texts[position]);

    private static bool[] Marked(IReadOnlyList<string> names, int count, Func<string, int> positionOf, string field)
    {
        var marked = new bool[count];
        foreach (string name in names)
        {
            int position = positionOf(name);
            if (position < 0)
            {
                throw BodyErrors.Unknown($"{field}.{name}");
            }

            marked[position] = true;
        }

        return marked;
    }
}
