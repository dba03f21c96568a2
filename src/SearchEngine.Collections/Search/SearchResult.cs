namespace SearchEngine.Collections.Search;

/// <summary>The answer of a search.</summary>
public sealed record SearchResult
{
    /// <summary>The best first. Always min(k, matches that have the vector) unless a threshold was set or the answer is not complete.</summary>
    public required IReadOnlyList<Hit> Hits { get; init; }

    /// <summary>False when hits may be missing for the reason given.</summary>
    public bool IsComplete => IncompleteReason is null;

    public string? IncompleteReason { get; init; }

    public required SearchPlan Plan { get; init; }

    public required RecallEstimate Recall { get; init; }

    /// <summary>What no score of this query lies outside of; null where nothing bounds them.</summary>
    public ScoreBounds? Bounds { get; init; }

    /// <summary>What the stages made of each hit, in the order of the hits; null for a search of one stage.</summary>
    public IReadOnlyList<LateScore>? Late { get; init; }

    /// <summary>Sequence of the newest write the search has seen.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>Time for the filter and the choice of a strategy.</summary>
    public TimeSpan PlanTime { get; init; }

    /// <summary>Time for walks and scans, exact scores included.</summary>
    public TimeSpan SearchTime { get; init; }

    /// <summary>Time for late interaction.</summary>
    public TimeSpan LateTime { get; init; }
}
