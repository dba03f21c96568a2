using SearchEngine.Vectors.Graph;

namespace SearchEngine.Vectors;

/// <summary>
/// Chooses how the accepted rows are searched, by predicted cost, from their number alone: equal bitmaps give equal plans
/// however the filter was written. Pure functions.
/// </summary>
internal static class FilterPlan
{
    /// <summary>Below this share the two-hop neighbourhood no longer holds together and recall falls
    /// (RACORN-1, arXiv 2607.00768): scan, as long as that is bearable.</summary>
    private const double ThinShare = 0.05;
    private const int BearableScan = 200_000;

    /// <summary>A scan finds everything, so it is taken up to this much above the cheapest walk.</summary>
    private const double ScanBonus = 1.3;

    /// <summary>What a walk may cost in scans before the scan is made after all.</summary>
    private const double WalkBeforeScan = 0.67;

    /// <summary>A walk over all rows that keeps accepted ones has to reach as far as the k / share nearest rows; breadth
    /// for equal recall grows with this power of k.</summary>
    private const double ReachPower = 0.4;

    /// <summary>A short unfiltered walk finds the query's own neighbourhood before the filtered one starts.</summary>
    public const int ProbeBreadth = 32;

    /// <summary>Near the query this much fewer rows are accepted than everywhere: the hits are far out, on a shell where a
    /// walk sees only its own side. Scan, or look much wider.</summary>
    private const double AvoidedShare = 0.5;
    private const int AvoidedBreadth = 4;

    /// <summary>Fewer accepted rows than this are to be expected among the probed: their number then says little.</summary>
    private const double TellingRows = 6;

    public static SearchStrategy Choose(in SearchCosts costs, double walk, int rows, int accepted, int wanted)
    {
        double share = (double)accepted / rows;
        double scan = costs.Scan(accepted, wanted);
        double collect = walk * CollectFactor(share), cross = walk * CrossFactor(share);
        if (scan <= ScanBonus * Math.Min(collect, cross) || (share < ThinShare && accepted <= BearableScan))
        {
            return SearchStrategy.Scan;
        }
        return collect <= cross ? SearchStrategy.WalkThenFilter : SearchStrategy.FilteredWalk;
    }

    /// <summary>Accepted rows that a walk over all rows keeps at least.</summary>
    public static int Enough(double share, int breadth, int wanted) =>
        Math.Max(Math.Min(breadth, wanted + wanted / 2), (int)Math.Ceiling(breadth * Math.Pow(share, 1 - ReachPower)));

    /// <summary>Candidates that a walk over all rows keeps at most: twice what accepted rows spread evenly would need.</summary>
    public static int Most(double share, int breadth, int enough) =>
        (int)Math.Min(int.MaxValue / 4, Math.Max(breadth, 2 * Math.Ceiling(enough / share)));

    /// <summary>Rows that a walk may score before a scan is made instead.</summary>
    public static long Budget(in SearchCosts costs, int accepted, int wanted) =>
        (long)(WalkBeforeScan * costs.Scan(accepted, wanted) / costs.WalkRow);

    /// <param name="nearest">Share of accepted rows among the probed.</param>
    /// <param name="around">Share of accepted rows within two links of the nearest.</param>
    /// <param name="rows">Rows of the segment.</param>
    /// <param name="accepted">Accepted ones.</param>
    /// <param name="breadth">Breadth of the walk where nothing stands against it.</param>
    /// <returns>The breadth of the walk, or 0 for a scan.</returns>
    public static int BreadthNear(double nearest, double around, int rows, int accepted, int breadth)
    {
        double share = (double)accepted / rows;
        bool avoided = around < AvoidedShare * share || (share * ProbeBreadth >= TellingRows && nearest < AvoidedShare * share);
        if (!avoided)
        {
            return breadth;
        }
        return accepted <= BearableScan ? 0 : AvoidedBreadth * breadth;
    }

    private static double CollectFactor(double share) => Math.Pow(share, -ReachPower);

    // Reading the link rows of bridges, and more scored rows per expansion.
    private static double CrossFactor(double share) => 1.4 + 0.2 / Math.Max(share, 0.05);
}
