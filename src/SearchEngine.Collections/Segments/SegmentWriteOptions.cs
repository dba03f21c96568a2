using SearchEngine.Vectors.Merge;

namespace SearchEngine.Collections.Segments;

/// <summary>How a freeze or a merge is carried out; the result is the same for any of it.</summary>
internal sealed record SegmentWriteOptions
{
    /// <summary>Threads that build graphs; fewer leave more of the machine to searches.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the merge of a vector keeps how far it has come; null for nowhere.</summary>
    public Func<int, MergeProgress>? Progress { get; init; }
}
