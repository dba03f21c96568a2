namespace SearchEngine.Collections.Schema;

/// <summary>One named multi vector of the documents of a collection: a row per token, scored by late interaction (MaxSim).</summary>
public sealed record MultiSchema : IVectorField
{
    /// <summary>Rows of a document.</summary>
    public const int MaxRows = 1024;

    /// <summary>Rows of a query.</summary>
    public const int MaxQueryRows = 512;

    /// <summary>Elements of a document's rows together.</summary>
    public const int MaxElements = 4 << 20;

    /// <summary>Of all multi vectors of a document, as stored: its log record holds them.</summary>
    public const int MaxDocumentBytes = 16 << 20;

    public const int MaxDimension = 8192;

    public required string Name { get; init; }

    /// <summary>Elements of a row.</summary>
    public required int Dimension { get; init; }

    /// <summary>Cosine or Dot: what a row of the query and one of the document are compared by.</summary>
    public VectorMetric Metric { get; init; } = VectorMetric.Cosine;

    /// <summary>Float16, or Int8 for rows that are whole numbers from -128 to 127 already.</summary>
    public StoredType StoredType { get; init; } = StoredType.Float16;

    public string? Space { get; init; }

    public bool IsRequired { get; init; }
}
