using SearchEngine.Collections.Core;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors;

namespace SearchEngine.Collections.Calibrations;

/// <summary>
/// Measures one vector of a collection as searches see it now: recall by margin over all segments, what codes lose, whether documents
/// find themselves. Changes nothing; writes, flushes and merges go on. One use.
/// </summary>
internal sealed class CalibrationRun
{
    /// <summary>Documents that are searched for by their own vectors, at most.</summary>
    private const int MostSelf = 1_000;

    private readonly CollectionState _state;
    private readonly View _view;
    private readonly CalibrationRequest _request;
    private readonly IProgress<WorkProgress>? _progress;
    private readonly CancellationToken _cancel;
    private readonly int _vector;
    private readonly int[] _counts;
    private long _done;
    private long _total;

    private CalibrationRun(CollectionState state, View view, CalibrationRequest request, int vector, IProgress<WorkProgress>? progress, CancellationToken cancel)
    {
        (_state, _view, _request, _vector, _progress, _cancel) = (state, view, request, vector, progress, cancel);
        _counts = [.. request.Counts.Distinct().Order()];
    }

    private VectorSchema Schema => _view.Schema.Vectors[_vector];

    /// <exception cref="CollectionException">The request cannot be, or no document has the vector.</exception>
    public static VectorCalibration Of(
        CollectionState state, CalibrationRequest request, int vector, IProgress<WorkProgress>? progress, CancellationToken cancel)
    {
        using ViewLease lease = state.Views.Lease();
        return new CalibrationRun(state, lease.View, request, vector, progress, cancel).Run();
    }

    private VectorCalibration Run()
    {
        IReadOnlyList<float[]> queries = _request.Queries ?? new PointQueries(_view, _vector, Search).Make(_request.Made);
        float[][] own = SelfQueries(Math.Min(MostSelf, queries.Count));
        if (own.Length == 0 || queries.Count == 0)
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "vector_name", $"No document has vector \"{Schema.Name}\": there is nothing to measure.",
                "Write documents first.");
        }
        ViewSource[] filled = [.. _view.Sources.Where(s => Living(s) > 0)];
        ViewSource largest = filled.MaxBy(Living)!;
        // Exact answers and searches alike, though the first take longer.
        long fitting = queries.Count + (long)_counts.Length * MarginTrials.MostSearches(queries.Count);
        _total = Math.Min(2, filled.Length) * fitting + 2 * own.Length;
        CalibrationCurve[] curves = Curves(_view, queries);
        return new VectorCalibration
        {
            Fitted = _state.Clock.GetUtcNow(),
            Documents = _view.AliveCount,
            Queries = queries.Count,
            Origin = _request.Queries is null ? QueryOrigin.Points : _request.Origin,
            Curves = curves,
            SegmentCurves = filled.Length == 1 ? curves : Alone(largest, queries),
            Segments = [.. _view.Sources.Select(static s => s.Segment?.Id).OfType<ulong>()],
            LargestRows = largest.VectorRows(_vector),
            SelfSearches = own.Length,
            SelfMisses = SelfMisses(own),
            Codes = Codes(queries),
        };
    }

    private CalibrationCurve[] Curves(View view, IReadOnlyList<float[]> queries)
    {
        var truth = new ExactScores(view, _vector, queries, _counts, Tell, _cancel);
        var trials = new MarginTrials(Schema.Name, queries, truth, request => Search(view, request), Tell);
        return [.. _counts.Select(trials.Fit)];
    }

    // Documents without the vector make no segment large: there may be many where it is not required.
    private int Living(ViewSource source)
    {
        if (source.VectorRows(_vector) == 0)
        {
            return 0;
        }
        using RowSet? rows = VectorRows.Of(source, _vector, source.Alive);
        return rows?.Count() ?? source.AliveCount;
    }

    private CalibrationCurve[] Alone(ViewSource source, IReadOnlyList<float[]> queries)
    {
        var alone = new View(_view.Number, _view.Sequence, _view.Schema, [source]);
        try
        {
            return Curves(alone, queries);
        }
        finally
        {
            alone.Release();
        }
    }

    private SearchResult Search(SearchRequest request) => Search(_view, request);

    private SearchResult Search(View view, SearchRequest request) =>
        ViewSearch.Run(view, request, _state.Settings, null, _state.Clock, _cancel);

    private float[][] SelfQueries(int most)
    {
        RowAddress[] rows = SpreadRows.Of(_view, _vector, most);
        var queries = new float[rows.Length][];
        for (int i = 0; i < rows.Length; i++)
        {
            queries[i] = new float[Schema.Dimension];
            _view.Sources[rows[i].Source].CopyVector(_vector, rows[i].Ordinal, queries[i]);
        }
        return [.. queries.Where(static q => q.AsSpan().ContainsAnyExcept(0f))];
    }

    // What has the same vector is found as well as the document itself; by dot product the longest in its direction is.
    private int SelfMisses(float[][] own)
    {
        var truth = new ExactScores(_view, _vector, own, [1], Tell, _cancel);
        int misses = 0;
        for (int i = 0; i < own.Length; i++)
        {
            IReadOnlyList<Hit> hits = Search(new SearchRequest { VectorName = Schema.Name, Query = own[i], Count = 1 }).Hits;
            misses += hits.Count > 0 && truth.IsRight(i, 0, hits[0].Score) ? 0 : 1;
            Tell(1);
        }
        return misses;
    }

    private CodeReport? Codes(IReadOnlyList<float[]> queries)
    {
        VectorSegment? largest = _view.Sources.Select(s => s.Segment?.Vectors(_vector)).OfType<VectorSegment>().MaxBy(static s => s.Count);
        if (largest is null)
        {
            return null;
        }
        CodeLoss loss = largest.MeasureCodes(queries, _cancel);
        WalkCode? code = loss.WalksTruth ? null : loss.Tier switch
        {
            WalkTier.Sign => WalkCode.Bit,
            WalkTier.Prefilter => WalkCode.BitThenInt8,
            _ => WalkCode.Int8,
        };
        return new CodeReport(code, loss.ClippedShare, loss.MeanError, loss.WorstError, loss.Recall);
    }

    private void Tell(int more)
    {
        _cancel.ThrowIfCancellationRequested();
        _done += more;
        _progress?.Report(new WorkProgress(_done, _total));
    }
}
