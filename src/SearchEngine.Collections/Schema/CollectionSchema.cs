namespace SearchEngine.Collections.Schema;

/// <summary>What the documents of a collection are made of. Names are distinct within attributes and text fields, and within
/// vectors of all kinds.</summary>
public sealed record CollectionSchema
{
    /// <summary>Of all kinds together.</summary>
    public const int MaxVectors = 16;
    public const int MaxAttributes = 256;
    public const int MaxTexts = 64;
    public const int MaxNameBytes = 64;

    /// <summary>The dense ones, which have a graph. The first is the one a search without a vector name means.</summary>
    public IReadOnlyList<VectorSchema> Vectors { get; init; } = [];

    /// <summary>Named beside <see cref="Vectors"/>; the first is the one late interaction means without a name. Schemas of before
    /// there were any lack them.</summary>
    public IReadOnlyList<MultiSchema> MultiVectors
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Named beside <see cref="Vectors"/>; the first is the one a sparse search without a name means. Schemas of before there
    /// were any lack them.</summary>
    public IReadOnlyList<SparseSchema> SparseVectors
    {
        get;
        init => field = value ?? [];
    } = [];

    public IReadOnlyList<AttributeSchema> Attributes { get; init; } = [];

    public IReadOnlyList<TextSchema> Texts { get; init; } = [];

    /// <summary>Position of a dense vector, or -1.</summary>
    public int VectorAt(string name) => IndexOf(Vectors, name, static v => v.Name);

    /// <summary>Position of a multi vector, or -1.</summary>
    public int MultiAt(string name) => IndexOf(MultiVectors, name, static m => m.Name);

    /// <summary>Position of a sparse vector, or -1.</summary>
    public int SparseAt(string name) => IndexOf(SparseVectors, name, static v => v.Name);

    /// <summary>The vector of any kind that has the name; null where there is none.</summary>
    public IVectorField? VectorNamed(string name) =>
        VectorAt(name) is var dense and >= 0 ? Vectors[dense]
        : SparseAt(name) is var sparse and >= 0 ? SparseVectors[sparse]
        : MultiAt(name) is var multi and >= 0 ? MultiVectors[multi]
        : null;

    /// <summary>Vectors of all kinds.</summary>
    public IEnumerable<IVectorField> AllVectors() => [.. Vectors, .. SparseVectors, .. MultiVectors];

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
