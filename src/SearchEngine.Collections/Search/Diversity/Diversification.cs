namespace SearchEngine.Collections.Search.Diversity;

/// <summary>Prefers hits that differ from each other: maximal marginal relevance over the best candidates of a search.</summary>
/// <param name="Candidates">To choose from; at least as many as hits.</param>
/// <param name="Strength">0 is the plain order, 1 ignores the query.</param>
public sealed record Diversification(int Candidates, float Strength = Diversification.DefaultStrength)
{
    public const float DefaultStrength = 0.3f;
    public const int MaxCandidates = SearchRequest.MaxHits;
}
