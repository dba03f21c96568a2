namespace SearchEngine.Collections.Core;

/// <summary>
/// Which immutable segments to merge next. A pure function of their sizes: every search walks every segment, so their number is
/// bounded, and every row is rewritten about once per doubling of its segment, so writing costs a logarithm.
/// </summary>
internal static class MergePolicy
{
    /// <summary>With more dead rows than this share, a segment alone is rewritten.</summary>
    public const double DeadShare = 0.2;

    /// <summary>Segments of less than this many rows are not worth rewriting for their dead rows.</summary>
    private const int WorthRewriting = 1024;

    /// <summary>A segment joins a merge when it is at most so many times as large as the smaller ones together.</summary>
    private const int GrowsBy = 4;

    /// <param name="segments">Rows and dead rows per segment.</param>
    /// <param name="most">Segments that may stand.</param>
    /// <returns>Positions to merge into one, or none.</returns>
    public static int[] Choose(IReadOnlyList<(int Rows, int Dead)> segments, int most)
    {
        if (segments.Count > most)
        {
            return Smallest(segments);
        }
        for (int i = 0; i < segments.Count; i++)
        {
            (int rows, int dead) = segments[i];
            if (dead == rows || (rows >= WorthRewriting && dead > DeadShare * rows))
            {
                return [i];
            }
        }
        return [];
    }

    // The two smallest, and of the next larger ones all that the others together are at least a quarter of: merging these
    // later on their own would write the same rows again. Over 100 / 1,000 / 20,000 flushes each row is written 6 / 10 / 25 times,
    // with a half 5 / 10 / 75 times (2026-11-26).
    private static int[] Smallest(IReadOnlyList<(int Rows, int Dead)> segments)
    {
        int[] bySize = [.. Enumerable.Range(0, segments.Count).OrderBy(i => segments[i].Rows - segments[i].Dead)];
        long together = 0;
        var chosen = new List<int>();
        foreach (int i in bySize)
        {
            long alive = segments[i].Rows - segments[i].Dead;
            if (chosen.Count >= 2 && alive > GrowsBy * together)
            {
                break;
            }
            chosen.Add(i);
            together += alive;
        }
        return [.. chosen];
    }
}
