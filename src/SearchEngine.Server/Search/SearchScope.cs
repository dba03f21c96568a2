using SearchEngine.Collections;
using SearchEngine.Collections.Filters;

namespace SearchEngine.Server.Search;

/// <summary>What the queries of one search have in common.</summary>
/// <param name="Search">As the caller wrote it.</param>
/// <param name="Collection">What it names.</param>
/// <param name="Filter">The caller's own and that of its key.</param>
/// <param name="Visible">What the caller may see at all.</param>
/// <param name="Wanted">Hits to find, those skipped among them.</param>
internal readonly record struct SearchScope(Wire.SearchRequest Search, Collection Collection, Filter Filter, Filter Visible, int Wanted);
