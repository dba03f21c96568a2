namespace SearchEngine.Collections.Filters;

/// <summary>The part of a <see cref="FilterCache"/> that belongs to one immutable segment, and goes with it.</summary>
internal sealed class SegmentFilterCache(FilterCache cache) : IDisposable
{
    /// <summary>Read and written under the cache's lock.</summary>
    public bool IsClosed { get; set; }

    /// <summary>A copy of the rows kept for a filter, or null.</summary>
    public RowSet? Find(FilterKey filter, int rows) =>
        cache.Find(this, filter) is { } words && words.Length == RowSet.WordsFor(rows) ? RowSet.Of(rows, words) : null;

    /// <summary>Keeps a copy.</summary>
    public void Keep(FilterKey filter, RowSet rows) => cache.Keep(this, filter, rows.Words.ToArray());

    public void Dispose() => cache.Drop(this);
}
