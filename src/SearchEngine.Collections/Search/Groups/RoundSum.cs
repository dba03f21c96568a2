namespace SearchEngine.Collections.Search.Groups;

/// <summary>What the rounds of a grouped search did, as the answer of one search.</summary>
/// <param name="matches">Documents that match the filter of the search; those of rounds are fewer.</param>
internal sealed class RoundSum(long matches)
{
    private SearchPlan? _plan;
    private RecallEstimate _recall;
    private TimeSpan _planTime, _searchTime;
    private ulong _sequence;

    public int Rounds { get; private set; }

    public long Scored => _plan?.Scored ?? 0;

    public void Add(SearchResult round)
    {
        SearchPlan first = _plan ?? round.Plan with { Scored = 0, Rescored = 0, Hops = 0, Matches = matches };
        _plan = first with
        {
            Breadth = Math.Max(first.Breadth, round.Plan.Breadth),
            Scored = first.Scored + round.Plan.Scored,
            Rescored = first.Rescored + round.Plan.Rescored,
            Hops = first.Hops + round.Plan.Hops,
        };
        // No more is claimed than for the weakest round.
        _recall = Rounds == 0 || round.Recall.Recall < _recall.Recall ? round.Recall : _recall;
        _planTime += round.PlanTime;
        _searchTime += round.SearchTime;
        _sequence = round.Sequence;
        Rounds++;
    }

    /// <param name="incomplete">Why something may be missing; null where nothing is.</param>
    public SearchResult ToResult(IReadOnlyList<HitGroup> groups, string? incomplete) => new()
    {
        Hits = [.. groups.SelectMany(static g => g.Hits)],
        IncompleteReason = incomplete,
        Plan = _plan!,
        Recall = incomplete is null ? _recall : new RecallEstimate(0, RecallBasis.None),
        Sequence = _sequence,
        PlanTime = _planTime,
        SearchTime = _searchTime,
    };
}
