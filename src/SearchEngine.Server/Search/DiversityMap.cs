using SearchEngine.Collections.Search.Diversity;

namespace SearchEngine.Server.Search;

/// <summary>Diversity of the contract in the engine's words.</summary>
internal static class DiversityMap
{
    private const int DefaultFactor = 5;

    /// <param name="hits">k.</param>
    /// <returns>Null for a search in the plain order.</returns>
    public static Diversification? Read(Wire.SearchRequest search, int hits)
    {
        if (search.Diversity is not { } diversity)
        {
            return null;
        }
        if (search.Grouping is not null)
        {
            throw Refusal.Invalid(
                "diversity", "A search is grouped or diverse, not both: groups are ordered by their best hits.",
                "Group by an attribute that tells different hits apart, or leave grouping out.");
        }
        if (diversity.Candidates > Diversification.MaxCandidates)
        {
            throw Refusal.Limit("diversity.candidates", diversity.Candidates, Diversification.MaxCandidates, "candidates", "Choose from fewer.");
        }
        int candidates = diversity.Candidates > 0 ? (int)diversity.Candidates : Math.Min(DefaultFactor * hits, Diversification.MaxCandidates);
        return new Diversification(candidates, diversity.HasStrength ? diversity.Strength : Diversification.DefaultStrength);
    }
}
