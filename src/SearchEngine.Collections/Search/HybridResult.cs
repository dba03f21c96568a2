namespace SearchEngine.Collections.Search;

/// <summary>The answer of a search by several queries.</summary>
public sealed record HybridResult
{
    /// <summary>The best first; equal scores by id.</summary>
    public required IReadOnlyList<HybridHit> Hits { get; init; }

    /// <summary>The answer of each query, in the request's order.</summary>
    public required IReadOnlyList<SearchResult> Parts { get; init; }

    /// <summary>False when a query's answer is not complete; it says why.</summary>
    public bool IsComplete => Parts.All(static p => p.IsComplete);
}
