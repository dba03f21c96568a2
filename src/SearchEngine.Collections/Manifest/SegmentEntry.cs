namespace SearchEngine.Collections.Manifests;

/// <summary>One segment of a manifest.</summary>
internal sealed record SegmentEntry
{
    public required ulong Id { get; init; }

    public required int Rows { get; init; }

    /// <summary>Rows that are dead as of the manifest's sequence.</summary>
    public int Dead { get; init; }

    /// <summary>Name of the file with the dead rows, in the collection's directory; null when there are none.</summary>
    public string? TombstoneFile { get; init; }
}
