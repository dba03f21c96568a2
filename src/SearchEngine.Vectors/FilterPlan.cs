using SearchEngine.Vectors.Graph;

namespace SearchEngine.Vectors;

/// <summary>
/// Chooses how the accepted rows are searched, by predicted cost, from their number alone: equal bitmaps give equal plans
/// however the filter was written. Pure functions.
/// </summary>
internal static class FilterPlan
{
    /// <summary>Below this share the neighbourhood of two links no longer holds together (RACORN-1, arXiv 2607.00768): scan, as long
    /// as that is bearable; below the least share in any case.</summary>
    private const double ThinShare = 0.05;
    private const double LeastShare = 0.01;
    public const int BearableScan = 500_000;

    /// <summary>What a walk may cost in scans before the scan is made after all: more than one, since both cost about the same where
    /// the plan changes, and an ordinary walk must not end as a scan.</summary>
    private const double WalkBeforeScan = 1.5;

    /// <summary>A walk over all rows that keeps accepted ones has to find the k / share nearest rows about as surely as it found
    /// k: its breadth grows so with 1 / share, its time by the other power. Behind the last hit it scores accepted rows only, so
    /// its breadth costs little (2026-11-26, 128-d: recall 0.940, 0.947 at 50, 25 % by 1,665, 1,574 rows, of 0.948 by 1,949; with
    /// every row scored there and a power of 0.3 it took 2,316 and 2,697 rows for 0.947 and 0.948).</summary>
    private const double ReachFactor = 1.4;
    private const double ReachPower = 0.4;

    /// <summary>The part of its tuned work that the margin of such a walk stands for, as a power of the share: left as it was, the
    /// walk took share^-0.78 as much. The greater of two: with 0.4 alone it found more than without a filter at 35 to 90 %, with 0.6
    /// alone 0.02 less at 25 % (2026-11-26).</summary>
    private const double MarginPower = 0.6;
    private const double ThinMarginPower = 0.34;
    private const double ThinMargin = 0.8;

    private const int LeastBoundingHit = 10;

    /// <summary>A filtered walk reads link rows of bridges: its time over that of a plain walk (1.7 to 2.1 from 20 to 10 %, 2026-11-26).</summary>
    private const double CrossFactor = 1.7;
    private const double CrossFactorOfThin = 0.02;

    /// <summary>It reaches two links far from every candidate, the more bridges the more rows, so fewer candidates find as much.</summary>
    private const double CrossBreadth = 0.55;
    private const double CrossBreadthPerShare = 1.2;
    private const double LeastCrossBreadth = 0.65;

    /// <summary>Below this share it finds less: its breadth grows by the first power of how far below, the work that its margin stands
    /// for by the second. Recall at 5, 3, 2 and 1 % was 0.918, 0.914, 0.878, 0.818 without (unfiltered 0.95, 2026-11-26).</summary>
    private const double FullShare = 0.08;
    private const double ThinBreadthPower = 0.5;
    private const double ThinWorkPower = 0.7;

    /// <summary>Near the query this much fewer rows are accepted than everywhere: the hits are far out, on a shell where a
    /// walk sees only its own side. Scan, or look much wider.</summary>
    private const double AvoidedShare = 0.5;
    private const int AvoidedBreadth = 4;
    private const double AvoidedDeviations = 8;
    private const double LooksPerShare = 2;
    private const double FewestLooks = 4;

    public static SearchStrategy Choose(in SearchCosts costs, in WalkCost walk, int rows, int accepted, int wanted)
    {
        double share = (double)accepted / rows;
        double scan = costs.Scan(accepted, wanted);
        double collect = walk.Collecting(share);
        double cross = walk.Plain * (CrossFactor + CrossFactorOfThin / share) * Thinness(share, ThinBreadthPower);
        if (scan <= Math.Min(collect, cross) || (share < ThinShare && accepted <= BearableScan) || share < LeastShare)
        {
            return SearchStrategy.Scan;
        }
        return collect <= cross ? SearchStrategy.WalkThenFilter : SearchStrategy.FilteredWalk;
    }

    /// <summary>The hit that bounds where such a walk scores every row: behind a nearer one it missed hits (2026-11-26, one wanted hit, 1-bit
    /// walk, the nearest 1 % not accepted: 0.94 of 0.98).</summary>
    public static int BoundingHit(int wanted) => Math.Max(wanted, LeastBoundingHit);

    /// <summary>Accepted rows that a walk over all rows keeps at least.</summary>
    public static int Enough(double share, int breadth, int wanted) =>
        Math.Max(Math.Min(breadth, wanted + wanted / 2), (int)Math.Ceiling(breadth * Math.Min(1, ReachFactor * Math.Pow(share, 1 - ReachPower))));

    /// <summary>Candidates that a walk over all rows keeps at most: half more than accepted rows spread evenly need.</summary>
    public static int Most(double share, int breadth, int enough) =>
        (int)Math.Min(int.MaxValue / 4, Math.Max(breadth, 1.5 * Math.Ceiling(enough / share)));

    /// <summary>Which part of its tuned work the margin of a walk over all rows stands for.</summary>
    public static double MarginWork(double share) =>
        Math.Max(Math.Pow(share, MarginPower), ThinMargin * Math.Pow(share, ThinMarginPower));

    /// <summary>Rows that a walk may score before a scan is made instead.</summary>
    public static long Budget(in SearchCosts costs, int accepted, int wanted) =>
        (long)(WalkBeforeScan * costs.Scan(accepted, wanted) / costs.WalkRow);

    /// <summary>Neighbours of the start of a walk whose links say how many rows are accepted there: about 60 accepted ones.</summary>
    public static int RowsLookedAt(double share) => (int)Math.Clamp(LooksPerShare / share, FewestLooks, int.MaxValue);

    /// <summary>Whether so few rows are accepted around the query that a walk there finds little.</summary>
    /// <param name="around">Share of accepted rows about two links from where the walk starts.</param>
    /// <param name="share">Share of accepted rows.</param>
    public static bool IsAvoided(double around, double share) => around < AvoidedShare * share;

    /// <summary>Candidates before the last wanted hit of a walk over all rows that say that the filter avoids the query: more by
    /// many deviations than evenly spread accepted rows would leave.</summary>
    /// <param name="share">Share of accepted rows.</param>
    /// <param name="hits">Wanted hits.</param>
    public static int Patience(double share, int hits) => (int)Math.Min(int.MaxValue, (hits + AvoidedDeviations * (1 + Math.Sqrt(hits))) / share);

    /// <summary>How many times its tuned work the margin of a filtered walk stands for.</summary>
    public static double CrossWork(double share) => Thinness(share, ThinWorkPower);

    /// <summary>The breadth of a filtered walk.</summary>
    /// <param name="avoided">Whether the filter avoids the query.</param>
    /// <param name="share">Share of accepted rows.</param>
    /// <param name="breadth">Of an unfiltered walk.</param>
    /// <param name="wanted">Hits.</param>
    public static int BreadthOfCross(bool avoided, double share, int breadth, int wanted)
    {
        double part = avoided
            ? AvoidedBreadth
            : Math.Clamp(CrossBreadth + CrossBreadthPerShare * share, LeastCrossBreadth, 1) * Thinness(share, ThinBreadthPower);
        return Math.Max(wanted, (int)(part * breadth));
    }

    private static double Thinness(double share, double power) => Math.Pow(Math.Max(1, FullShare / share), power);
}
