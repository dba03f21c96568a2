namespace SearchEngine.Collections.Core;

/// <summary>
/// What merging costs, and what leaving segments apart costs searches, both in walks: the work of one search in one segment. A model, not a
/// measurement of the moment, so that equal counts merge alike.
/// </summary>
/// <remarks>
/// 2026-11-26, a machine with much else to do, 768 dimensions, 10,000 to 50,000 rows and 2,000 to 20,000 more: a merge took about 0.8 s of
/// processor time, 23 us a row of the largest segment and 90 us a row of the others; a walk more made a search 50 us longer, a
/// segment of 1,000 rows 10 to 30 us. Row and walk grow alike with the dimension.
/// </remarks>
internal static class MergePrice
{
    /// <summary>A segment joins others that are together at least so great a part of it: growing by less, its rows would be written again
    /// and again.</summary>
    public const int GrowsBy = 4;

    /// <summary>Sampled searches that tune a new segment, however small.</summary>
    public const double Tuning = 16_000;

    /// <summary>Putting a row into the graph of another segment.</summary>
    public const double InsertedRow = 1.8;

    /// <summary>Writing a row of the largest segment again, whose graph stays.</summary>
    public const double CopiedRow = 0.45;

    /// <summary>Going to one more segment, however small.</summary>
    public const double Visit = 0.2;

    /// <summary>Rows whose scan takes as long as a walk.</summary>
    public const double RowsOfWalk = 8_000;

    /// <summary>Writing the largest segment again for little is so many times as dear each time more: however much is searched, its rows are
    /// written about a logarithm of times.</summary>
    private const double Again = 4;

    /// <summary>From here on the price grows no more; nothing has paid as much by then.</summary>
    private const int MostRewrites = 20;

    /// <summary>Whether a merge makes its largest segment grow well.</summary>
    public static bool IsGrowth(SegmentSize largest, SegmentSize others) => largest.Alive <= GrowsBy * (long)others.Alive;

    /// <summary>Of merging segments with one that is no smaller.</summary>
    public static double Of(SegmentSize largest, SegmentSize others)
    {
        double once = Tuning + InsertedRow * others.Alive + CopiedRow * largest.Alive;
        return IsGrowth(largest, others) ? once : once * Math.Pow(Again, Math.Min(largest.Rewrites, MostRewrites));
    }

    /// <summary>What a search pays for going to a segment by itself.</summary>
    public static double OfWalk(SegmentSize segment) => Math.Min(1, Visit + segment.Rows / RowsOfWalk);
}
