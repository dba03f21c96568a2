namespace SearchEngine.Collections.Documents;

/// <summary>Which parts of documents to read. Null means all of a kind, an empty list none.</summary>
public sealed record DocumentParts
{
    public static DocumentParts All { get; } = new();

    /// <summary>Ids and versions only.</summary>
    public static DocumentParts None { get; } = new() { Attributes = [], Texts = [], Vectors = [] };

    /// <summary>Attributes and texts, no vectors.</summary>
    public static DocumentParts Content { get; } = new() { Vectors = [] };

    public IReadOnlyList<string>? Attributes { get; init; }

    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>Of any kind.</summary>
    public IReadOnlyList<string>? Vectors { get; init; }

    /// <summary>
    /// Characters of texts that one reading brings: when they are surpassed, the documents that follow come without texts. For who could send no more
    /// anyway; null sets no limit.
    /// </summary>
    public long? MaxTextLength { get; init; }
}
