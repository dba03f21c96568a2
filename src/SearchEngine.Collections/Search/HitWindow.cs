namespace SearchEngine.Collections.Search;

/// <summary>How many hits a search may ask for, and behind how many others: the same for vectors and words.</summary>
internal static class HitWindow
{
    /// <exception cref="CollectionException">LimitExceeded or Window.</exception>
    public static void Check(int count, int offset)
    {
        if (count is < 1 or > SearchRequest.MaxHits)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "k", $"{count} hits were asked for, 1 to {SearchRequest.MaxHits} are possible.",
                "Ask for fewer, or scroll.");
        }
        if (offset < 0 || (long)offset + count > SearchRequest.MaxWindow)
        {
            throw new CollectionException(
                CollectionError.Window, "offset",
                $"Offset {offset} and {count} hits reach beyond the window of {SearchRequest.MaxWindow}.",
                "Scroll instead of paging that deep.");
        }
    }
}
