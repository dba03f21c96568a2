using SearchEngine.Collections.Filters;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search.Shadow;

/// <summary>A live search that another collection is to answer as well.</summary>
/// <param name="Search">Owns its bytes.</param>
/// <param name="Injected">What its caller may see; null for everything.</param>
/// <param name="Hits">Of the live collection.</param>
/// <param name="Micros">On the processor there.</param>
internal sealed record ShadowedSearch(Wire.SearchRequest Search, Filter? Injected, IReadOnlyList<Engine.Hit> Hits, long Micros);
