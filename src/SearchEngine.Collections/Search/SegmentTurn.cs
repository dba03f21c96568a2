namespace SearchEngine.Collections.Search;

/// <summary>The search of one segment of several.</summary>
/// <param name="Source">Position of the segment in the view.</param>
/// <param name="Accept">Its matches, one at least.</param>
/// <param name="MaxScored">Rows that may still be scored; 0 for any number.</param>
/// <param name="Searched">Matches of the segments before it.</param>
/// <param name="Matches">Matches of all segments.</param>
/// <param name="Progress">Looks on; null for nobody.</param>
/// <param name="Cancel">The caller does not wait any more, or the time is used up.</param>
internal readonly record struct SegmentTurn(
    int Source, SourceAccept Accept, int MaxScored, long Searched, long Matches, ISearchProgress? Progress, CancellationToken Cancel);
