namespace SearchEngine.Collections.Documents;

/// <summary>One document: an id, vectors, attributes and texts, by name. In answers only the parts that were asked for are there.</summary>
public sealed record Document
{
    public required DocumentId Id { get; init; }

    /// <summary>1 after the first write, one more with each. Ignored when written.</summary>
    public ulong Version { get; init; }

    public IReadOnlyDictionary<string, ReadOnlyMemory<float>> Vectors { get; init; } = Empty<ReadOnlyMemory<float>>.Map;

    /// <summary>Sparse vectors; in answers ascending by dimension, without weights of 0.</summary>
    public IReadOnlyDictionary<string, SparseVector> SparseVectors { get; init; } = Empty<SparseVector>.Map;

    /// <summary>Multi vectors: a row per token.</summary>
    public IReadOnlyDictionary<string, MultiVector> MultiVectors { get; init; } = Empty<MultiVector>.Map;

    public IReadOnlyDictionary<string, AttributeValue> Attributes { get; init; } = Empty<AttributeValue>.Map;

    public IReadOnlyDictionary<string, string> Texts { get; init; } = Empty<string>.Map;

    private static class Empty<T>
    {
        public static readonly IReadOnlyDictionary<string, T> Map = System.Collections.ObjectModel.ReadOnlyDictionary<string, T>.Empty;
    }
}
