using SearchEngine.Collections;
using SearchEngine.Collections.Filters;

namespace SearchEngine.Server.Search;

/// <summary>What the queries of one search have in common.</summary>
/// <param name="Search">As the caller wrote it.</param>
/// <param name="Collection">What it names.</param>
/// <param name="Filter">The caller's own and that of its key.</param>
/// <param name="Visible">What the caller may see at all.</param>
/// <param name="Wanted">Hits to find, those skipped among them.</param>
/// <param name="Offset">Of these, how many are skipped.</param>
internal readonly record struct SearchScope(
    Wire.SearchRequest Search, Collection Collection, Filter Filter, Filter Visible, int Wanted, int Offset)
{
    /// <summary>Whether the best so far is an answer when the time is over.</summary>
    public bool MayBePartial => Search.Budget?.OnExpiry == Wire.PartialPolicy.Allow;
}
