namespace SearchEngine.Collections.Core;

/// <summary>
/// Which immutable segments must be merged next, searched or not. A pure function of their sizes: every search walks every segment, so their
/// number is bounded, and every row is rewritten about once per doubling of its segment, so writing costs a logarithm. What is merged
/// before, because searches have paid for it, is a <see cref="MergeOffer"/>.
/// </summary>
internal static class MergePolicy
{
    /// <summary>With more dead rows than this share, a segment alone is rewritten.</summary>
    public const double DeadShare = 0.2;

    /// <summary>Segments of less than this many rows are not worth rewriting for their dead rows.</summary>
    private const int WorthRewriting = 1024;

    /// <param name="segments">What stands.</param>
    /// <param name="most">Segments that may stand beside full ones.</param>
    /// <param name="limits">What one segment may hold.</param>
    /// <returns>Positions to merge into one, or none.</returns>
    public static int[] Choose(IReadOnlyList<SegmentSize> segments, int most, SegmentLimits limits)
    {
        if (CountGrowing(segments, limits) > most)
        {
            return Smallest(segments, limits);
        }
        for (int i = 0; i < segments.Count; i++)
        {
            SegmentSize segment = segments[i];
            if (segment.Alive == 0 || (segment.Rows >= WorthRewriting && segment.Dead > DeadShare * segment.Rows))
            {
                return [i];
            }
        }
        return [];
    }

    /// <summary>The smallest segments, so many that <paramref name="wanted"/> remain, or as many as one segment may hold.</summary>
    /// <returns>At least two positions, or none.</returns>
    public static int[] Down(IReadOnlyList<SegmentSize> segments, int wanted, SegmentLimits limits) =>
        Gather(segments, limits, (_, _, chosen) => chosen <= segments.Count - wanted);

    /// <summary>Segments that another one could be merged with. The others are full: they stay, and writers do not wait for them.</summary>
    public static int CountGrowing(IReadOnlyList<SegmentSize> segments, SegmentLimits limits) => Enumerable.Range(0, segments.Count)
        .Count(i => Enumerable.Range(0, segments.Count).Any(j => j != i && limits.Allow(segments[i] + segments[j])));

    // The two smallest, and of the next larger ones all that the others together are at least a quarter of: merging these
    // later on their own would write the same rows again. Over 100 / 1,000 / 20,000 flushes each row is written 6 / 10 / 25 times,
    // with a half 5 / 10 / 75 times (2026-11-26).
    private static int[] Smallest(IReadOnlyList<SegmentSize> segments, SegmentLimits limits) =>
        Gather(segments, limits, (together, next, chosen) => chosen < 2 || MergePrice.IsGrowth(next, together));

    // From the smallest on, what is wanted and fits; when nothing fits beside the smallest, from the next one on.
    private static int[] Gather(
        IReadOnlyList<SegmentSize> segments, SegmentLimits limits, Func<SegmentSize, SegmentSize, int, bool> isWanted)
    {
        int[] bySize = [.. Enumerable.Range(0, segments.Count).OrderBy(i => segments[i].Alive)];
        for (int first = 0; first < bySize.Length - 1; first++)
        {
            SegmentSize together = segments[bySize[first]];
            var chosen = new List<int> { bySize[first] };
            foreach (int i in bySize.AsSpan(first + 1))
            {
                if (!isWanted(together, segments[i], chosen.Count))
                {
                    break;
                }
                if (limits.Allow(together + segments[i]))
                {
                    chosen.Add(i);
                    together += segments[i];
                }
            }
            if (chosen.Count > 1)
            {
                return [.. chosen];
            }
        }
        return [];
    }
}
