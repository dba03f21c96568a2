using System.Diagnostics;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors.Graph;

namespace SearchEngine.Collections.Search;

/// <summary>
/// One search over one view, whatever it scores by: the filter becomes a bitmap per segment, and the segments are searched one after the
/// other, the largest first, so that what is found there spares the others work. It lives on the stack: a search allocates little else.
/// </summary>
/// <param name="caller">Cancels the search: it throws, unless the request allows partial results.</param>
internal ref struct SearchRun(
    View view, QueryRequest request, CollectionSettings settings, ISearchProgress? progress, TimeProvider clock, CancellationToken caller)
{
    /// <summary>More than a view has, as a rule.</summary>
    private const int MostSources = 16;

    private readonly HitWindow _window = request.Window;
    private readonly SearchLimits _limits = request.Limits;
    private readonly long _began = Stopwatch.GetTimestamp();
    private SearchEnd _end;
    private long _matches;
    private long _searched;

    /// <exception cref="OperationCanceledException">The caller cancelled, and partial results are not welcome.</exception>
    public SearchResult By(IScoring scoring)
    {
        CompiledFilter? filter = request.Filter.IsEmpty
            ? null
            : CompiledFilter.Compile(request.Filter, view.Schema, settings.StricterOf(request.Unindexed));
        if (_limits.TimeBudget is not { } budget)
        {
            return By(scoring, filter, caller);
        }
        using var spent = new CancellationTokenSource(budget, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(caller, spent.Token);
        return By(scoring, filter, either.Token);
    }

    private SearchResult By(IScoring scoring, CompiledFilter? filter, CancellationToken cancel)
    {
        var accepts = new SourceAccept[view.Sources.Count];
        try
        {
            Evaluate(filter, accepts);
            progress?.Planned(_matches, accepts.Length, view.Sequence);
            long planned = Stopwatch.GetTimestamp();
            Search(scoring, accepts, cancel);
            RefuseCancelled();
            return new SearchResult
            {
                Hits = _window.Cut(scoring.Best),
                IncompleteReason = IncompleteReason(),
                Plan = scoring.Plan(_matches, accepts.Length),
                Recall = _end == SearchEnd.Complete ? scoring.Recall : new RecallEstimate(0, RecallBasis.None),
                Bounds = scoring.Bounds,
                Sequence = view.Sequence,
                PlanTime = Stopwatch.GetElapsedTime(_began, planned),
                SearchTime = Stopwatch.GetElapsedTime(planned),
            };
        }
        finally
        {
            Array.ForEach(accepts, static a => a?.Dispose());
        }
    }

    private void Evaluate(CompiledFilter? filter, SourceAccept[] accepts)
    {
        for (int i = 0; i < accepts.Length; i++)
        {
            RefuseCancelled();
            accepts[i] = new SourceAccept(view.Sources[i], filter);
            _matches += accepts[i].Count;
        }
    }

    private void Search(IScoring scoring, SourceAccept[] accepts, CancellationToken cancel)
    {
        Span<int> order = accepts.Length <= MostSources ? stackalloc int[accepts.Length] : new int[accepts.Length];
        LargestFirst(accepts, order);
        foreach (int source in order)
        {
            SourceAccept accept = accepts[source];
            if (accept.Count == 0 || !MayGoOn(scoring.Scored, cancel))
            {
                continue;
            }
            int left = _limits.MaxScored == 0 ? 0 : (int)(_limits.MaxScored - scoring.Scored);
            SearchEnd end = scoring.Search(new SegmentTurn(source, accept, left, _searched, _matches, progress, cancel));
            Ended(end);
            if (end == SearchEnd.Complete)
            {
                _searched += accept.Count;
                Show(scoring);
            }
        }
    }

    // Copied: the best change with the next segment.
    private readonly void Show(IScoring scoring)
    {
        if (progress is { IsWanted: true })
        {
            progress.Improved(new SearchMoment([.. _window.Cut(scoring.Best)], IsExact: true, _searched, _matches));
        }
    }

    // By hand: a query of the language would allocate more than the search itself does. The first of equals stays the first.
    private static void LargestFirst(SourceAccept[] accepts, Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            int at = i;
            for (; at > 0 && accepts[order[at - 1]].Count < accepts[i].Count; at--)
            {
                order[at] = order[at - 1];
            }
            order[at] = i;
        }
    }

    private bool MayGoOn(long scored, CancellationToken cancel)
    {
        RefuseCancelled();
        SearchEnd end = cancel.IsCancellationRequested ? SearchEnd.Cancelled
            : _limits.IsReached(scored) ? SearchEnd.WorkCeiling
            : SearchEnd.Complete;
        Ended(end);
        return end == SearchEnd.Complete;
    }

    private readonly void RefuseCancelled()
    {
        if (!request.AllowPartial)
        {
            caller.ThrowIfCancellationRequested();
        }
    }

    // What is told is why something was left undone first.
    private void Ended(SearchEnd end) => _end = _end == SearchEnd.Complete ? end : _end;

    private readonly string? IncompleteReason() => _end switch
    {
        SearchEnd.Complete => null,
        SearchEnd.WorkCeiling => _limits.ScoredReason,
        _ when caller.IsCancellationRequested => "The search was cancelled.",
        _ => _limits.TimeReason,
    };
}
