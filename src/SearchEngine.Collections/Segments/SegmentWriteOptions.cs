namespace SearchEngine.Collections.Segments;

/// <summary>How a freeze or a merge is carried out; the result is the same for any of it.</summary>
internal sealed record SegmentWriteOptions
{
    /// <summary>Threads that build graphs; fewer leave more of the machine to searches.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
