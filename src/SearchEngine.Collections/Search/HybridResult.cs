namespace SearchEngine.Collections.Search;

/// <summary>The answer of a search by several queries.</summary>
public sealed record HybridResult
{
    /// <summary>The best first; equal scores by id.</summary>
    public required IReadOnlyList<HybridHit> Hits { get; init; }

    /// <summary>The answer of each query, in the request's order.</summary>
    public required IReadOnlyList<SearchResult> Parts { get; init; }

    /// <summary>Time for making one ranking of theirs.</summary>
    public TimeSpan FusionTime { get; init; }

    /// <summary>What the stages made of each hit, in the order of the hits; null for a search of one stage.</summary>
    public IReadOnlyList<LateScore>? Late { get; init; }

    /// <summary>Time for late interaction.</summary>
    public TimeSpan LateTime { get; init; }

    /// <summary>Stored rows that late interaction scored.</summary>
    internal long LateRows { get; init; }

    /// <summary>Why late interaction did not come to its end.</summary>
    internal string? LateUnfinished { get; init; }

    /// <summary>False when a query's answer or the second stage is not complete; it says why.</summary>
    public bool IsComplete => LateUnfinished is null && Parts.All(static p => p.IsComplete);

    /// <summary>The answer as that of one search: work is summed up, and no recall is claimed beyond that of the weakest query.</summary>
    public SearchResult AsOne() => new()
    {
        Hits = [.. Hits.Select(static h => h.ToHit())],
        IncompleteReason = Parts.Select(static p => p.IncompleteReason).FirstOrDefault(static r => r is not null) ?? LateUnfinished,
        Plan = new SearchPlan
        {
            Strategy = Strategy.Fusion,
            Matches = Parts[0].Plan.Matches,
            Segments = Parts[0].Plan.Segments,
            Unindexed = Parts.Max(static p => p.Plan.Unindexed),
            Scored = Parts.Sum(static p => p.Plan.Scored),
            Rescored = Parts.Sum(static p => p.Plan.Rescored) + LateRows,
            Hops = Parts.Sum(static p => p.Plan.Hops),
        },
        Recall = Parts.Select(static p => p.Recall).MinBy(static r => r.Recall),
        Late = Late,
        LateTime = LateTime,
        Sequence = Parts[0].Sequence,
        PlanTime = Sum(static p => p.PlanTime),
        SearchTime = Sum(static p => p.SearchTime) + FusionTime,
    };

    private TimeSpan Sum(Func<SearchResult, TimeSpan> time) => Parts.Aggregate(TimeSpan.Zero, (sum, p) => sum + time(p));
}
