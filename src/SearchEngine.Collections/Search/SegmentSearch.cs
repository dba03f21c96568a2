using SearchEngine.Collections.Views;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Live;

namespace SearchEngine.Collections.Search;

/// <summary>Searches one segment of a view.</summary>
internal static class SegmentSearch
{
    /// <param name="accept">Rows of the vector; none when every row may be returned.</param>
    /// <param name="hits">Receives rows of the vector, the best first.</param>
    public static int Run(
        ViewSource source, CheckedQuery query, in SearchOptions options, bool exact, AcceptSet accept, Span<Candidate> hits,
        PlanTally tally)
    {
        if (source.Live is { } live)
        {
            SearcherPool<LiveSearcher> pool = live.Searchers(query.Vector);
            LiveSearcher searcher = pool.Rent();
            try
            {
                int found = exact
                    ? searcher.SearchExactly(query.Values.Span, options, accept, hits)
                    : searcher.Search(query.Values.Span, options, accept, hits);
                tally.Add(searcher.Counts, source, query.Vector);
                return found;
            }
            finally
            {
                pool.Return(searcher);
            }
        }
        return InSegment(source, query, options, exact, accept, hits, tally);
    }

    private static int InSegment(
        ViewSource source, CheckedQuery query, in SearchOptions options, bool exact, AcceptSet accept, Span<Candidate> hits,
        PlanTally tally)
    {
        if (source.Segment!.Searchers(query.Vector) is not { } pool)
        {
            return 0;
        }
        VectorSearcher searcher = pool.Rent();
        try
        {
            ReadOnlySpan<float> values = query.Values.Span;
            int found = (exact, accept.Words.IsEmpty) switch
            {
                (true, true) => searcher.SearchExactly(values, options, hits),
                (true, false) => searcher.SearchExactly(values, options, accept, hits),
                (false, true) => searcher.Search(values, options, hits),
                _ => searcher.Search(values, options, accept, hits),
            };
            tally.Add(searcher.Counts, source, query.Vector);
            if (!exact && IsOneMore(searcher.Counts, source))
            {
                source.Segment.CountSearch();
            }
            return found;
        }
        finally
        {
            pool.Return(searcher);
        }
    }

    // A scan of few matches takes no less in a larger segment. Of a small one most rows are scanned; a larger one would be walked.
    private static bool IsOneMore(in SearchCounts counts, ViewSource source) =>
        counts.Strategy != SearchStrategy.Scan || 2 * ((long)counts.Scored + counts.Estimated + counts.Rescored) > source.Rows;
}
