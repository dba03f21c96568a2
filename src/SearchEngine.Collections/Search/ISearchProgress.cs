namespace SearchEngine.Collections.Search;

/// <summary>Looks on while a search runs, on its thread: what it does, the search waits for.</summary>
public interface ISearchProgress
{
    /// <summary>Asked before a moment is made: one that nobody would see costs nothing.</summary>
    bool IsWanted { get; }

    /// <summary>Called once, when the filter is evaluated and nothing is scored yet.</summary>
    /// <param name="matches">Documents that match.</param>
    /// <param name="segments">Segments to search.</param>
    /// <param name="sequence">Newest write the search sees.</param>
    void Planned(long matches, int segments, ulong sequence);

    /// <summary>Called where it is wanted: when something better may have been found, and after each segment.</summary>
    void Improved(SearchMoment moment);
}
