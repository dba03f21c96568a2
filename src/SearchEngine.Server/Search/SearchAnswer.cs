using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Search.Groups;
using SearchEngine.Server.Search.Admission;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>What the engine answered, and what it took.</summary>
/// <param name="Result">Of several queries, their answers as one.</param>
/// <param name="Fused">What each of several queries answered and gave to every hit; null for one query.</param>
/// <param name="Documents">Of the hits, in their order; empty when nothing was to be read.</param>
/// <param name="RanOut">Whether the time ended first.</param>
/// <param name="Micros">Time on the processor; searches do not wait.</param>
internal sealed record SearchAnswer(
    Engine.SearchResult Result, Engine.HybridResult? Fused, IReadOnlyList<Document> Documents, bool RanOut, Ticket Ticket, long Micros)
{
    /// <summary>The hits by group, in their order; null for a search that is not grouped.</summary>
    public IReadOnlyList<HitGroup>? Groups { get; init; }

    /// <summary>Of each hit in the plain order, from 1, where the hits were chosen to differ; null for others.</summary>
    public IReadOnlyList<int>? Ranks { get; init; }
}
