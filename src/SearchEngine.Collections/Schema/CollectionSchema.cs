namespace SearchEngine.Collections.Schema;

/// <summary>What the documents of a collection are made of. Names are distinct within attributes and text fields, and within
/// vectors.</summary>
public sealed record CollectionSchema
{
    public const int MaxVectors = 16;
    public const int MaxAttributes = 256;
    public const int MaxTexts = 64;
    public const int MaxNameBytes = 64;

    /// <summary>The first is the one a search without a vector name means.</summary>
    public IReadOnlyList<VectorSchema> Vectors { get; init; } = [];

    public IReadOnlyList<AttributeSchema> Attributes { get; init; } = [];

    public IReadOnlyList<TextSchema> Texts { get; init; } = [];

    /// <summary>Position of a vector, or -1.</summary>
    public int VectorAt(string name) => IndexOf(Vectors, name, static v => v.Name);

    /// <summary>Position of an attribute, or -1.</summary>
    public int AttributeAt(string name) => IndexOf(Attributes, name, static a => a.Name);

    /// <summary>Position of a text field, or -1.</summary>
    public int TextAt(string name) => IndexOf(Texts, name, static t => t.Name);

    private static int IndexOf<T>(IReadOnlyList<T> items, string name, Func<T, string> nameOf)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (nameOf(items[i]) == name)
            {
                return i;
            }
        }
        return -1;
    }
}
