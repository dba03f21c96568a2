using System.Buffers;
using System.Diagnostics;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Graph;

namespace SearchEngine.Collections.Search;

/// <summary>
/// One search over one view: the filter becomes a bitmap per segment, each segment is searched, the largest first, and the score of
/// the last wanted hit so far spares the others work.
/// </summary>
internal sealed class CollectionSearch
{
    /// <summary>More than a view has, as a rule.</summary>
    private const int MostSources = 16;

    private readonly View _view;
    private readonly SearchRequest _request;
    private readonly CheckedQuery _query;
    private readonly CompiledFilter? _filter;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _caller;
    private CancellationToken _cancel;
    private readonly Accuracy _accuracy;
    private readonly BestHits _best;
    private readonly PlanTally _tally;
    private readonly TargetMargins _margins;
    private readonly ISearchProgress? _progress;
    private long _matches;
    private long _searched;

    public CollectionSearch(
        View view, SearchRequest request, CollectionSettings settings, ISearchProgress? progress, TimeProvider clock,
        CancellationToken cancel)
    {
        _accuracy = request.Accuracy ?? settings.Accuracy;
        _view = view;
        _request = request;
        _progress = progress;
        _clock = clock;
        _caller = cancel;
        _query = CheckedQuery.Of(view.Schema, request);
        _filter = request.Filter.IsEmpty ? null : CompiledFilter.Compile(request.Filter, view.Schema, settings.StricterOf(request.Unindexed));
        _margins = new TargetMargins(_query, request, _accuracy.TargetRecall);
        _tally = new PlanTally(_margins, request);
        _best = new BestHits(view, request.Offset + request.Count);
    }

    /// <exception cref="OperationCanceledException">The caller cancelled, and partial results are not welcome.</exception>
    public SearchResult Run()
    {
        if (_request.TimeBudget is not { } budget)
        {
            return RunUntil(_caller);
        }
        using var spent = new CancellationTokenSource(budget, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_caller, spent.Token);
        return RunUntil(either.Token);
    }

    private SearchResult RunUntil(CancellationToken cancel)
    {
        _cancel = cancel;
        long began = Stopwatch.GetTimestamp();
        var accepts = new SourceAccept[_view.Sources.Count];
        try
        {
            for (int i = 0; i < accepts.Length; i++)
            {
                RefuseCancelled();
                accepts[i] = new SourceAccept(_view.Sources[i], _filter);
                _matches += accepts[i].Count;
            }
            _progress?.Planned(_matches, accepts.Length, _view.Sequence);
            long planned = Stopwatch.GetTimestamp();
            Span<int> order = accepts.Length <= MostSources ? stackalloc int[accepts.Length] : new int[accepts.Length];
            LargestFirst(accepts, order);
            foreach (int source in order)
            {
                if (accepts[source].Count > 0 && MayGoOn())
                {
                    Search(source, accepts[source]);
                }
            }
            RefuseCancelled();
            return Result(Stopwatch.GetElapsedTime(began, planned), Stopwatch.GetElapsedTime(planned));
        }
        finally
        {
            Array.ForEach(accepts, static a => a?.Dispose());
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

    private void RefuseCancelled()
    {
        if (!_request.AllowPartial)
        {
            _caller.ThrowIfCancellationRequested();
        }
    }

    private bool MayGoOn()
    {
        RefuseCancelled();
        if (_cancel.IsCancellationRequested)
        {
            _tally.Ended(SearchEnd.Cancelled);
        }
        else if (_request.MaxScored > 0 && _tally.Scored >= _request.MaxScored)
        {
            _tally.Ended(SearchEnd.WorkCeiling);
        }
        else
        {
            return true;
        }
        return false;
    }

    private string? IncompleteReason() => _tally.End switch
    {
        SearchEnd.Complete => null,
        SearchEnd.WorkCeiling => $"The search was to score at most {_request.MaxScored} rows.",
        _ when _caller.IsCancellationRequested => "The search was cancelled.",
        _ => $"The time budget of {_request.TimeBudget} was used up.",
    };

    private void Search(int at, SourceAccept accept)
    {
        ViewSource source = _view.Sources[at];
        using RowSet? rows = VectorRows.Of(source, _query.Vector, accept.Words);
        ReadOnlySpan<ulong> words = accept.IsEverything ? default : rows is null ? accept.Words : rows.Words;
        int wanted = Math.Min(_request.Offset + _request.Count, accept.Count);
        Candidate[] buffer = ArrayPool<Candidate>.Shared.Rent(wanted);
        try
        {
            Span<Candidate> hits = buffer.AsSpan(0, wanted);
            int found = SegmentSearch.Run(source, _query, Options(at, accept), _accuracy.IsExact, words, hits, _tally);
            for (int i = 0; i < found; i++)
            {
                hits[i] = new Candidate(source.DocumentOf(_query.Vector, hits[i].Ordinal), hits[i].Score);
            }
            _best.Add(at, hits[..found]);
            _searched += accept.Count;
            _progress?.Improved(new SearchMoment(_request.Cut(_best.Hits), IsExact: true, _searched, _matches));
        }
        finally
        {
            ArrayPool<Candidate>.Shared.Return(buffer);
        }
    }

    // What the segments searched so far have found bounds the search of the next one; so does a threshold, from the start.
    private SearchOptions Options(int at, SourceAccept accept)
    {
        float? bound = _best.Bound;
        var options = new SearchOptions
        {
            TargetRecall = _accuracy.TargetRecall,
            TargetMargin = _margins.For(_view.Sources[at]),
            Tier = VectorSettings.TierOf(_request.WalkCode),
            WalkDimension = _query.WalkDimension,
            RescoreDimension = _query.RescoreDimension,
            Rescore = _request.Oversampling is float factor ? (int)Math.Ceiling(factor * (_request.Offset + _request.Count)) : 0,
            ByCodes = _request.ByCodes,
            Bound = bound is null || _request.MinScore > bound ? _request.MinScore : bound,
            Cancel = _cancel,
            Observer = _progress is null
                ? null
                : new SegmentProgress(_progress, _request, _best, _view.Sources[at], at, _query.Vector, accept, _searched, _matches),
            MaxScored = _request.MaxScored == 0 ? 0 : (int)(_request.MaxScored - _tally.Scored),
        };
        return _accuracy.Breadth > 0 ? options with { Breadth = _accuracy.Breadth } : options;
    }

    private SearchResult Result(TimeSpan planTime, TimeSpan searchTime) => new()
    {
        Hits = _request is { Offset: 0, MinScore: null } ? _best.Hits : _request.Cut(_best.Hits),
        IncompleteReason = IncompleteReason(),
        Plan = _tally.ToPlan(_matches, _view.Sources.Count, _query, _accuracy.IsExact),
        Recall = _tally.Recall(_accuracy),
        Bounds = _query.Schema.Metric == VectorMetric.Cosine ? new ScoreBounds(-1, 1) : null,
        Sequence = _view.Sequence,
        PlanTime = planTime,
        SearchTime = searchTime,
    };
}
