using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Segments;

namespace SearchEngine.Collections.Core;

/// <summary>What one segment may hold. Merges that would surpass it are left out before anything of them is built.</summary>
internal sealed record SegmentLimits
{
    public static SegmentLimits OfFiles { get; } = new();

    public int Rows { get; init; } = DocumentSegment.MaxRows;

    public long Pairs { get; init; } = PostingSections.MaxPairs;

    public bool Allow(SegmentSize merged) => merged.Rows <= Rows && merged.Pairs <= Pairs;
}
