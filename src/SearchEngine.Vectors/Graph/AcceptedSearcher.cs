using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Graph;

/// <summary>What a search of accepted rows reads of a segment, immutable or live.</summary>
/// <param name="codes">Scores the int8 codes.</param>
/// <param name="signs">Scores the 1-bit records; default where the tier does not read them.</param>
/// <param name="links">Level 0.</param>
/// <param name="tier">What walks read.</param>
internal readonly ref struct SearchSpace(CodeScorer codes, SignScorer signs, LinkTable links, WalkTier tier)
{
    public readonly CodeScorer Codes = codes;
    public readonly SignScorer Signs = signs;
    public readonly LinkTable Links = links;
    public readonly WalkTier Tier = tier;
}

/// <summary>
/// Finds the closest accepted rows by a given strategy and turns to a scan where a walk falls short, so that there are
/// min(k, accepted) of them. Works on the scratch of a searcher; the scratch's Best then holds what is to be rescored.
/// </summary>
internal static class AcceptedSearcher
{
    /// <returns>False when the accepted rows have to be scanned: the walk starved, or its budget is spent.</returns>
    public static bool TryWalk(
        in SearchSpace space, WalkScratch scratch, in AcceptedQuery query, AcceptBits accept, SearchStrategy strategy, Candidate<int> entry)
    {
        scratch.Counts.Strategy = strategy;
        bool found = strategy == SearchStrategy.WalkThenFilter
            ? TryCollect(space, scratch, query, accept, entry)
            : TryCross(space, scratch, query, accept, entry);
        return found || scratch.Watch.IsEnded;
    }

    private static bool TryCollect(
        in SearchSpace space, WalkScratch scratch, in AcceptedQuery query, AcceptBits accept, Candidate<int> entry)
    {
        if (query.Accepted <= FilterPlan.BearableScan && IsAvoided(space, query, accept, entry))
        {
            return false;
        }
        int stopHits = query.Stop.Hits <= query.Accepted ? query.Stop.Hits : 0;
        int enough = FilterPlan.Enough(query.Share, query.Breadth, Math.Max(query.Wanted, stopHits));
        int most = FilterPlan.Most(query.Share, query.Breadth, enough);
        int patience = query.Accepted <= FilterPlan.BearableScan ? FilterPlan.Patience(query.Share, stopHits) : int.MaxValue;
        scratch.Watch.Allow(query.Budget);
        // One more than are kept: the policy drops the worst itself, to count what it drops.
        scratch.Reset(most + 1, most + 1);
        scratch.Start(space.Tier == WalkTier.Sign ? GraphSearcher.ScoreOne(space.Signs, entry.Ordinal, scratch) : entry);
        var policy = new AcceptedRows(accept, scratch.Watch, scratch.Pool, query.Breadth, enough, most, stopHits, query.Reach, patience);
        switch (space.Tier)
        {
            case WalkTier.Code:
                GraphSearcher.Walk(space.Codes, space.Links, scratch, query.Stop, ref policy);
                break;
            case WalkTier.Prefilter:
                PrefilterSearcher.Walk(space.Signs, space.Codes, space.Links, scratch, query.Stop, ref policy);
                break;
            default:
                GraphSearcher.Walk(space.Signs, space.Links, scratch, query.Stop, ref policy);
                break;
        }
        scratch.Counts.EffectiveBreadth = scratch.Pool.Cursor;
        scratch.Pool.Keep(accept);
        int least = query.Stop.IsAdaptive ? query.Wanted : enough;
        bool starved = IsStarved(scratch, query, least);
        Finish(space, scratch, query);
        return !starved;
    }

    private static bool TryCross(
        in SearchSpace space, WalkScratch scratch, in AcceptedQuery query, AcceptBits accept, Candidate<int> entry)
    {
        var watched = new WatchedRows(scratch.Watch);
        bool avoided = IsAvoided(space, query, accept, entry);
        if (avoided && query.Accepted <= FilterPlan.BearableScan)
        {
            return false;
        }
        int breadth = FilterPlan.BreadthOfCross(avoided, query.Share, query.Breadth, query.Wanted);
        scratch.Watch.Allow(query.Budget);
        scratch.Reset(breadth, Math.Max(breadth, query.Rescore));
        if (space.Tier == WalkTier.Sign)
        {
            FilteredSearcher.Walk(space.Signs, space.Links, scratch, query.Stop, entry.Ordinal, accept, ref watched);
        }
        else
        {
            FilteredSearcher.Walk(space.Codes, space.Links, scratch, query.Stop, entry.Ordinal, accept, ref watched);
        }
        scratch.Counts.EffectiveBreadth = scratch.Pool.Cursor;
        int least = query.Stop.IsAdaptive ? (int)Math.Min(2L * query.Wanted, breadth) : breadth;
        bool starved = IsStarved(scratch, query, least);
        Finish(space, scratch, query);
        return !starved;
    }

    private static bool IsAvoided(in SearchSpace space, in AcceptedQuery query, AcceptBits accept, Candidate<int> entry) =>
        FilterPlan.IsAvoided(FilteredSearcher.LocalShare(space.Links, entry.Ordinal, accept), query.Share);

    // Below a floor nothing is wanted, so few rows are no sign of starving.
    private static bool IsStarved(WalkScratch scratch, in AcceptedQuery query, int least) =>
        scratch.Watch.IsBudgetSpent || (scratch.Pool.Count < Math.Min(least, query.Accepted) && !query.Stop.HasFloor);

    private static void Finish(in SearchSpace space, WalkScratch scratch, in AcceptedQuery query)
    {
        if (space.Tier == WalkTier.Sign)
        {
            GraphSearcher.Refine(space.Codes, scratch.Pool.Entries, scratch, query.Rescore);
        }
        else
        {
            scratch.KeepBest(query.Rescore);
        }
    }
}
