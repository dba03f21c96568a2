namespace SearchEngine.Collections.Search;

/// <summary>Which of the best hits an answer has: the same for vectors, words and tokens.</summary>
/// <param name="Count">How many.</param>
/// <param name="Offset">Behind how many others.</param>
/// <param name="MinScore">Only those whose score is at least this; null for any.</param>
internal readonly record struct HitWindow(int Count, int Offset, float? MinScore)
{
    /// <summary>How many of the best a search has to find.</summary>
    public int Wanted => Offset + Count;

    /// <exception cref="CollectionException">LimitExceeded, Window or FieldInvalid.</exception>
    public void Check()
    {
        if (Count is < 1 or > SearchRequest.MaxHits)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "k", $"{Count} hits were asked for, 1 to {SearchRequest.MaxHits} are possible.",
                "Ask for fewer, or scroll.");
        }
        if (Offset < 0 || (long)Offset + Count > SearchRequest.MaxWindow)
        {
            throw new CollectionException(
                CollectionError.Window, "offset",
                $"Offset {Offset} and {Count} hits reach beyond the window of {SearchRequest.MaxWindow}.",
                "Scroll instead of paging that deep.");
        }
        if (MinScore is float least && !float.IsFinite(least))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "min_score", "The least score is not finite.", "Leave it out or give a number.");
        }
    }

    /// <param name="best">The best first.</param>
    /// <returns>The hits of the window; the same list where that is all of them.</returns>
    public IReadOnlyList<Hit> Cut(IReadOnlyList<Hit> best)
    {
        if (Offset == 0 && MinScore is null)
        {
            return best;
        }
        IEnumerable<Hit> hits = best.Skip(Offset);
        return [.. MinScore is float least ? hits.TakeWhile(h => h.Score >= least) : hits];
    }
}
