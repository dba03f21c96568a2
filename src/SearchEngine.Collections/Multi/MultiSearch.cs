using System.Diagnostics;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Multi;

/// <summary>One search by late interaction over one view: a scan of the stored rows of every match.</summary>
/// <param name="progress">Sees what is found on the way; null for nobody.</param>
internal sealed class MultiSearch(
    View view, MultiSearchRequest request, UnindexedFilter unindexed, ISearchProgress? progress, CancellationToken cancel)
{
    private readonly BestRows _best = new(view, request.Offset + request.Count);

    /// <exception cref="OperationCanceledException">The caller cancelled, and a partial answer is none.</exception>
    public SearchResult Run()
    {
        HitWindow.Check(request.Count, request.Offset);
        using var query = MultiQuery.Of(view, request.VectorName, request.Query, "multi", "vector_name");
        long began = Stopwatch.GetTimestamp();
        CompiledFilter? filter = request.Filter.IsEmpty ? null : CompiledFilter.Compile(request.Filter, view.Schema, unindexed);
        var accepts = new SourceAccept[view.Sources.Count];
        try
        {
            for (int i = 0; i < accepts.Length; i++)
            {
                RefuseCancelled();
                accepts[i] = new SourceAccept(view.Sources[i], filter);
            }
            long matches = accepts.Sum(static a => (long)a.Count);
            progress?.Planned(matches, accepts.Length, view.Sequence);
            long planned = Stopwatch.GetTimestamp();
            bool isWhole = Scan(query, accepts, matches);
            return new SearchResult
            {
                Hits = Cut(),
                IncompleteReason = isWhole ? null : "The search was cancelled.",
                Plan = new SearchPlan
                {
                    Strategy = Strategy.ExactScan,
                    Matches = matches,
                    RescoreDimension = query.Schema.Dimension,
                    Segments = accepts.Length,
                    Rescored = query.Scored,
                },
                Recall = isWhole ? new RecallEstimate(1, RecallBasis.Exact) : new RecallEstimate(0, RecallBasis.None),
                Bounds = query.Schema.Metric == VectorMetric.Cosine ? new ScoreBounds(-query.QueryRows, query.QueryRows) : null,
                Sequence = view.Sequence,
                PlanTime = Stopwatch.GetElapsedTime(began, planned),
                SearchTime = Stopwatch.GetElapsedTime(planned),
            };
        }
        finally
        {
            Array.ForEach(accepts, static a => a?.Dispose());
        }
    }

    /// <returns>False when it was cancelled before the end.</returns>
    private bool Scan(MultiQuery query, SourceAccept[] accepts, long matches)
    {
        long searched = 0;
        for (int source = 0; source < accepts.Length; source++)
        {
            foreach (uint ordinal in new RowEnumerator(accepts[source].Words))
            {
                if (cancel.IsCancellationRequested)
                {
                    RefuseCancelled();
                    return false;
                }
                var row = new RowAddress(source, ordinal);
                if (query.TryScore(row, out float score) && score >= _best.Least)
                {
                    _best.Add(row, score);
                }
            }
            searched += accepts[source].Count;
            if (progress is { IsWanted: true })
            {
                progress.Improved(new SearchMoment(Cut(), IsExact: true, searched, matches));
            }
        }
        return true;
    }

    private void RefuseCancelled()
    {
        if (!request.AllowPartial)
        {
            cancel.ThrowIfCancellationRequested();
        }
    }

    private IReadOnlyList<Hit> Cut()
    {
        IEnumerable<Hit> hits = _best.Hits().Skip(request.Offset);
        return [.. request.MinScore is float least ? hits.TakeWhile(h => h.Score >= least) : hits];
    }
}
