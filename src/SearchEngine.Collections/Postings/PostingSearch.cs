using System.Diagnostics;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Postings;

/// <summary>One search by postings over one view: every segment is scanned, and what was found so far spares the next ones work.</summary>
/// <param name="progress">Sees what is found on the way; null for nobody.</param>
internal sealed class PostingSearch(
    View view, PostingSearchRequest request, UnindexedFilter unindexed, ISearchProgress? progress, CancellationToken cancel)
{
    private readonly Func<View, IPostingQuery> _query = request.Prepare(view.Schema);
    private readonly BestRows _best = new(view, request.Offset + request.Count);
    private long _scored;

    /// <exception cref="OperationCanceledException">The caller cancelled, and a partial answer is none.</exception>
    public SearchResult Run()
    {
        long began = Stopwatch.GetTimestamp();
        CompiledFilter? filter = request.Filter.IsEmpty ? null : CompiledFilter.Compile(request.Filter, view.Schema, unindexed);
        IPostingQuery query = _query(view);
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
                Plan = new SearchPlan { Strategy = Strategy.Postings, Matches = matches, Segments = accepts.Length, Scored = _scored },
                Recall = isWhole ? new RecallEstimate(1, RecallBasis.Exact) : new RecallEstimate(0, RecallBasis.None),
                Bounds = query.Bounds,
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
    private bool Scan(IPostingQuery query, SourceAccept[] accepts, long matches)
    {
        long searched = 0;
        for (int source = 0; source < accepts.Length; source++)
        {
            var scan = new PostingScan(source, accepts[source], query, _best);
            bool isWhole = scan.Run(cancel);
            _scored += scan.Scored;
            if (!isWhole)
            {
                RefuseCancelled();
                return false;
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
