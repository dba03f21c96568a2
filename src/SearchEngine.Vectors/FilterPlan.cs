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

    /// <summary>Around the query this much fewer rows are accepted than everywhere: the hits are far out, on a shell where
    /// a walk sees only its own side. Scan, or look much wider.</summary>
    private const double AvoidedShare = 0.5;
    private const int AvoidedBreadth = 4;

    /// <param name="localShare">Share of accepted rows where the descent ended.</param>
    /// <returns>The breadth of the walk, or 0 for a scan.</returns>
    public static int BreadthNear(double localShare, int rows, int accepted, int breadth)
    {
        if (localShare >= AvoidedShare * accepted / rows)
        {
            return breadth;
        }
        return accepted <= BearableScan ? 0 : AvoidedBreadth * breadth;
    }

    public static bool ShouldScan(int rows, int accepted, int breadth) =>
        accepted <= (long)RowsPerExpansion * breadth
        || (accepted < ThinShare * rows && accepted <= BearableScan);
}
