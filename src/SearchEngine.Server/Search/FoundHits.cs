using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Search.Groups;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>What one call of the engine found.</summary>
/// <param name="Fused">Of several queries; null for one.</param>
/// <param name="Documents">Of the hits; empty when nothing was to be read.</param>
internal readonly record struct FoundHits(Engine.SearchResult Result, Engine.HybridResult? Fused, IReadOnlyList<Document> Documents)
{
    /// <summary>Of a grouped search; null for others.</summary>
    public GroupedResult? Grouped { get; init; }

    /// <summary>In the plain order, of hits that were chosen to differ; null for others.</summary>
    public IReadOnlyList<int>? Ranks { get; init; }

    /// <summary>For choosing them.</summary>
    public TimeSpan ChoiceTime { get; init; }
}
