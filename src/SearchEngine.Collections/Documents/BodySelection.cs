using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Documents;

/// <summary>Which attributes, texts and sparse vectors are wanted of a document.</summary>
internal sealed class BodySelection
{
    private BodySelection(bool[]? attributes, bool[]? texts, bool[]? sparse)
    {
        Attributes = new FieldMarks(attributes);
        Texts = new FieldMarks(texts);
        SparseVectors = new FieldMarks(sparse);
    }

    public static BodySelection All { get; } = new(null, null, null);

    public FieldMarks Attributes { get; }

    public FieldMarks Texts { get; }

    public FieldMarks SparseVectors { get; }

    /// <summary>Whether anything of a kind that the schema has is wanted.</summary>
    public bool IsAnything { get; private init; } = true;

    /// <param name="vectors">Names of vectors of any kind; null for all. Those of other kinds are passed over.</param>
    /// <exception cref="CollectionException">AttributeUnknown.</exception>
    public static BodySelection Of(
        CollectionSchema schema, IReadOnlyList<string>? attributes, IReadOnlyList<string>? texts, IReadOnlyList<string>? vectors = null)
    {
        string[]? sparse = vectors is null ? null : [.. vectors.Where(name => schema.SparseAt(name) >= 0)];
        return new BodySelection(
            attributes is null ? null : Marked(attributes, schema.Attributes.Count, schema.AttributeAt, "attributes"),
            texts is null ? null : Marked(texts, schema.Texts.Count, schema.TextAt, "texts"),
            sparse is null ? null : Marked(sparse, schema.SparseVectors.Count, schema.SparseAt, "vectors"))
        {
            IsAnything = attributes is not { Count: 0 } || texts is not { Count: 0 }
                || (schema.SparseVectors.Count > 0 && sparse is not { Length: 0 }),
        };
    }

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
