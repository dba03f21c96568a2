using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors.Graph;

namespace SearchEngine.Collections.Multi;

/// <summary>By late interaction: a scan of the stored rows of every match. Always exact.</summary>
internal sealed class MultiScoring : IScoring, IDisposable
{
    private readonly MultiQuery _query;
    private readonly BestRows _best;

    /// <exception cref="CollectionException">The schema does not have what is searched for, or a limit is surpassed.</exception>
    public MultiScoring(View view, MultiSearchRequest request)
    {
        request.Window.Check();
        _query = MultiQuery.Of(view, request.VectorName, request.Query, "multi", "vector_name");
        _best = new BestRows(view, request.Window.Wanted);
    }

    public IReadOnlyList<Hit> Best => _best.Hits();

    public long Scored => _query.Scored;

    public ScoreBounds? Bounds =>
        _query.Schema.Metric == VectorMetric.Cosine ? new ScoreBounds(-_query.QueryRows, _query.QueryRows) : null;

    public RecallEstimate Recall => new(1, RecallBasis.Exact);

    public SearchEnd Search(in SegmentTurn turn)
    {
        foreach (uint ordinal in new RowEnumerator(turn.Accept.Words))
        {
            if (turn.Cancel.IsCancellationRequested)
            {
                return SearchEnd.Cancelled;
            }
            var row = new RowAddress(turn.Source, ordinal);
            if (_query.TryScore(row, out float score) && score >= _best.Least)
            {
                _best.Add(row, score);
            }
        }
        return SearchEnd.Complete;
    }

    public SearchPlan Plan(long matches, int segments) => new()
    {
        Strategy = Strategy.ExactScan,
        Matches = matches,
        RescoreDimension = _query.Schema.Dimension,
        Segments = segments,
        Rescored = _query.Scored,
    };

    public void Dispose() => _query.Dispose();
}
