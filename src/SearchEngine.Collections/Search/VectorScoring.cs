using System.Buffers;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Graph;

namespace SearchEngine.Collections.Search;

/// <summary>By one dense vector: walks and scans, each bounded by the score of the last wanted hit so far.</summary>
internal sealed class VectorScoring : IScoring
{
    private readonly View _view;
    private readonly SearchRequest _request;
    private readonly CheckedQuery _query;
    private readonly Accuracy _accuracy;
    private readonly BestHits _best;
    private readonly PlanTally _tally;
    private readonly TargetMargins _margins;

    /// <exception cref="CollectionException">The schema does not have what is asked for, or a limit is surpassed.</exception>
    public VectorScoring(View view, SearchRequest request, CollectionSettings settings)
    {
        _accuracy = request.Accuracy ?? settings.Accuracy;
        _view = view;
        _request = request;
        _query = CheckedQuery.Of(view.Schema, request);
        _margins = new TargetMargins(_query, request, _accuracy.TargetRecall);
        _tally = new PlanTally(_margins, request);
        _best = new BestHits(view, request.Window.Wanted);
    }

    public IReadOnlyList<Hit> Best => _best.Hits;

    public long Scored => _tally.Scored;

    public ScoreBounds? Bounds => _query.Schema.Metric == VectorMetric.Cosine ? new ScoreBounds(-1, 1) : null;

    public RecallEstimate Recall => _tally.Recall(_accuracy);

    public SearchEnd Search(in SegmentTurn turn)
    {
        ViewSource source = _view.Sources[turn.Source];
        using RowSet? rows = VectorRows.Of(source, _query.Vector, turn.Accept.Words);
        int of = source.VectorRows(_query.Vector);
        AcceptSet accept = turn.Accept.IsEverything ? default
            : rows is null ? AcceptSet.From(turn.Accept.Words, of, turn.Accept.Count)
            : AcceptSet.From(rows.Words, of);
        int wanted = Math.Min(_request.Window.Wanted, turn.Accept.Count);
        Candidate[] buffer = ArrayPool<Candidate>.Shared.Rent(wanted);
        try
        {
            Span<Candidate> hits = buffer.AsSpan(0, wanted);
            int found = SegmentSearch.Run(source, _query, Options(turn), _accuracy.IsExact, accept, hits, _tally);
            for (int i = 0; i < found; i++)
            {
                hits[i] = new Candidate(source.DocumentOf(_query.Vector, hits[i].Ordinal), hits[i].Score);
            }
            _best.Add(turn.Source, hits[..found]);
            return _tally.End;
        }
        finally
        {
            ArrayPool<Candidate>.Shared.Return(buffer);
        }
    }

    public SearchPlan Plan(long matches, int segments) => _tally.ToPlan(matches, segments, _query, _accuracy.IsExact);

    // What the segments searched so far have found bounds the search of the next one; so does a threshold, from the start.
    private SearchOptions Options(in SegmentTurn turn)
    {
        float? bound = _best.Bound;
        var options = new SearchOptions
        {
            TargetRecall = _accuracy.TargetRecall,
            TargetMargin = _margins.For(_view.Sources[turn.Source]),
            Tier = VectorSettings.TierOf(_request.WalkCode),
            WalkDimension = _query.WalkDimension,
            RescoreDimension = _query.RescoreDimension,
            Rescore = _request.Oversampling is float factor ? (int)Math.Ceiling(factor * _request.Window.Wanted) : 0,
            ByCodes = _request.ByCodes,
            Bound = bound is null || _request.MinScore > bound ? _request.MinScore : bound,
            Cancel = turn.Cancel,
            Observer = turn.Progress is null
                ? null
                : new SegmentProgress(turn, turn.Progress, _request.Window, _best, _view.Sources[turn.Source], _query.Vector),
            MaxScored = turn.MaxScored,
        };
        return _accuracy.Breadth > 0 ? options with { Breadth = _accuracy.Breadth } : options;
    }
}
