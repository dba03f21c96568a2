namespace SearchEngine.Vectors.Files;

/// <summary>Where the rows that every walk reads (links, codes, records) live.</summary>
public enum Residency
{
    /// <summary>Mapped; pages come from the file when touched. Opening reads headers only.</summary>
    OnDemand,

    /// <summary>Mapped and read into memory before opening returns.</summary>
    Populated,

    /// <summary>Copied to 2 MiB pages before opening returns: fastest, and independent of the page cache.</summary>
    HugePages,
}

/// <summary>How much of a segment is checked before it is used.</summary>
public enum Verification
{
    /// <summary>Headers, attachments and sizes: independent of the number of rows.</summary>
    Headers,

    /// <summary>Every byte against its checksum, as scrubbing does.</summary>
    Blocks,
}

/// <summary>How a segment is opened.</summary>
public sealed record SegmentOpenOptions
{
    public Residency Residency { get; init; } = Residency.OnDemand;

    public Verification Verification { get; init; } = Verification.Headers;
}
