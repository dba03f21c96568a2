namespace SearchEngine.Collections.Search.Groups;

/// <summary>The answer of a grouped search.</summary>
public sealed record GroupedResult
{
    /// <summary>The group with the best hit first. Always min(k, groups among the matches), each as full as matches allow, unless a
    /// threshold was set or the answer is not complete.</summary>
    public required IReadOnlyList<HitGroup> Groups { get; init; }

    /// <summary>The hits of all groups, group after group, and the work of all rounds.</summary>
    public required SearchResult Result { get; init; }

    /// <summary>Of several queries: the ranking that was grouped, cut to the hits of the groups, in their order; null for one query.</summary>
    public HybridResult? Fused { get; init; }

    /// <summary>Searches it took.</summary>
    public required int Rounds { get; init; }
}
