using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Evaluation.Ranking;

/// <summary>A configuration of the contract, checked.</summary>
/// <param name="Name">For reports.</param>
/// <param name="Context">The call, about the configuration's collection.</param>
/// <param name="Template">The search, without a query.</param>
/// <param name="Rerank">Null for none.</param>
/// <param name="RerankCandidates">What the rerank model is given.</param>
/// <param name="Path">Of the configuration within the request.</param>
internal sealed record ConfigurationOrder(
    string Name, CallContext Context, Wire.SearchRequest Template, Wire.RerankOptions? Rerank, int RerankCandidates, string Path)
{
    /// <summary>Hits of the first stage.</summary>
    public int Wanted => (int)Template.K;
}
