namespace SearchEngine.Vectors;

/// <summary>Chooses between a filtered walk and a scan of the accepted rows, by predicted cost. A pure function.</summary>
internal static class FilterPlan
{
    /// <summary>A filtered walk of breadth b costs about as much as scoring this many rows per candidate it expands.</summary>
    private const int RowsPerExpansion = 64;

    /// <summary>Below this share the two-hop neighbourhood no longer holds together and recall falls
    /// (RACORN-1, arXiv 2607.00768): scan, as long as that is bearable.</summary>
    private const double ThinShare = 0.05;
    private const int BearableScan = 200_000;

    /// <summary>A short unfiltered walk finds the query's own neighbourhood before the filtered one starts.</summary>
    public const int ProbeBreadth = 32;

    /// <summary>Near the query this much fewer rows are accepted than everywhere: the hits are far out, on a shell where a
    /// walk sees only its own side. Scan, or look much wider.</summary>
    private const double AvoidedShare = 0.5;
    private const int AvoidedBreadth = 4;

    /// <summary>Fewer accepted rows than this are to be expected among the probed: their number then says little.</summary>
    private const double TellingRows = 6;

    /// <summary>Where no probe was made: by the share within two links alone.</summary>
    public static int BreadthNear(double around, int rows, int accepted, int breadth) => BreadthNear(1, around, rows, accepted, breadth);

    /// <param name="nearest">Share of accepted rows among the probed.</param>
    /// <param name="around">Share of accepted rows within two links of the nearest.</param>
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

    public static bool ShouldScan(int rows, int accepted, int breadth) =>
        accepted <= (long)RowsPerExpansion * breadth
        || (accepted < ThinShare * rows && accepted <= BearableScan);
}
