namespace SearchEngine.Collections.Search;

/// <summary>What ends a search with the best so far. The default sets no limit.</summary>
/// <param name="MaxScored">Rows scored, over all segments; 0 for any number.</param>
/// <param name="TimeBudget">From the first evaluation of the filter on; null for any time.</param>
internal readonly record struct SearchLimits(int MaxScored, TimeSpan? TimeBudget)
{
    public string ScoredReason => $"The search was to score at most {MaxScored} rows.";

    public string TimeReason => $"The time budget of {TimeBudget} was used up.";

    /// <summary>Whether no more rows may be scored.</summary>
    public bool IsReached(long scored) => MaxScored > 0 && scored >= MaxScored;
}
