using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// Finds the closest accepted rows by a given strategy and turns to a scan where a walk falls short, so that there are
/// min(k, accepted) of them. Works on the scratch of a searcher; the scratch's Best then holds what is to be rescored.
/// </summary>
internal static class AcceptedSearcher
{
    /// <returns>False when the accepted rows have to be scanned: the walk starved, or its budget is spent.</returns>
    public static bool TryWalk(
        in SearchSpace space, WalkScratch scratch, in AcceptedQuery query, AcceptBits accept, SearchStrategy strategy, ReadOnlySpan<Candidate<int>> starts)
    {
        scratch.Counts.Strategy = strategy;
        bool found = strategy == SearchStrategy.WalkThenFilter
            ? TryCollect(space, scratch, query, accept, starts)
            : TryCross(space, scratch, query, accept, starts);
        return found || scratch.Watch.IsEnded;
    }

    private static bool TryCollect(
        in SearchSpace space, WalkScratch scratch, in AcceptedQuery query, AcceptBits accept, ReadOnlySpan<Candidate<int>> starts)
    {
        if (query.Accepted <= FilterPlan.BearableScan && IsAvoided(space, query, accept, starts[0]))
        {
            return false;
        }
        int hits = Math.Min(query.Stop.Hits is > 0 and < int.MaxValue ? query.Stop.Hits : FilterPlan.BoundingHit(query.Wanted), query.Accepted);
        int enough = FilterPlan.Enough(query.Share, query.Breadth, Math.Max(query.Wanted, hits));
        int most = FilterPlan.Most(query.Share, query.Breadth, enough);
        int patience = query.Accepted <= FilterPlan.BearableScan ? FilterPlan.Patience(query.Share, hits) : int.MaxValue;
        int kept = Math.Max(Math.Max(query.Breadth, enough), query.Rescore);
        scratch.Watch.Allow(query.Budget);
        var goal = new AcceptedRows(accept, scratch.Watch, query.Breadth, enough, hits, query.Reach, patience, kept);
        scratch.Reset(most, most, hits);
        space.Start(starts, scratch, ref goal);
        space.Walk(accept, ref goal, scratch, query.Stop);
        int least = query.Stop.IsAdaptive ? query.Wanted : enough;
        return Finish(space, scratch, query, least);
    }

    private static bool TryCross(
        in SearchSpace space, WalkScratch scratch, in AcceptedQuery query, AcceptBits accept, ReadOnlySpan<Candidate<int>> starts)
    {
        bool avoided = IsAvoided(space, query, accept, starts[0]);
        if (avoided && query.Accepted <= FilterPlan.BearableScan)
        {
            return false;
        }
        int breadth = FilterPlan.BreadthOfCross(avoided, query.Share, query.Breadth, query.Wanted);
        scratch.Watch.Allow(query.Budget);
        scratch.Reset(breadth, Math.Max(breadth, query.Rescore), query.Stop.Hits);
        space.WalkAccepted(accept, query.Accepted, starts[0].Ordinal, scratch, query.CrossStop);
        int least = query.Stop.IsAdaptive ? (int)Math.Min(2L * query.Wanted, breadth) : breadth;
        return Finish(space, scratch, query, least);
    }

    private static bool IsAvoided(in SearchSpace space, in AcceptedQuery query, AcceptBits accept, Candidate<int> entry) =>
        FilterPlan.IsAvoided(BridgeExpansion.LocalShare(space.Links, entry.Ordinal, accept, FilterPlan.RowsLookedAt(query.Share)), query.Share);

    // False when fewer than the least were found. Below a floor nothing is wanted, so few rows are no sign of starving.
    private static bool Finish(in SearchSpace space, WalkScratch scratch, in AcceptedQuery query, int least)
    {
        int found = scratch.Frontier.Entries.Length;
        space.Shorten(scratch, query.Rescore);
        return !scratch.Watch.IsBudgetSpent && (found >= Math.Min(least, query.Accepted) || query.Stop.HasFloor);
    }
}
