namespace SearchEngine.Collections.Search;

/// <summary>What a search has found up to now.</summary>
/// <param name="Hits">Best first, those to be skipped left out. Documents that match, each with its score.</param>
/// <param name="IsExact">Whether the scores are final. Otherwise those of the segment at work are estimates of its codes.</param>
/// <param name="Searched">Matches of the segments that are done.</param>
/// <param name="Matches">Matches of all segments.</param>
public sealed record SearchMoment(IReadOnlyList<Hit> Hits, bool IsExact, long Searched, long Matches)
{
    /// <summary>Nothing is left to search: the hits are those of the result.</summary>
    public bool IsFinal => IsExact && Searched == Matches;
}
