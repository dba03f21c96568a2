using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>
/// Searches one segment: descends to level 0, walks it over compact codes, rescores the best from truth. Holds all
/// scratch of a search and allocates nothing within one (after the first at a given breadth). One search at a time;
/// use one instance per thread.
/// </summary>
public sealed class VectorSearcher : IDisposable
{
    /// <summary>Rows rescored per hit after a scan: a filter away from the query leaves a shell of nearly equal scores, where
    /// int8 order is not the true one.</summary>
    private const int ScanRescore = 32;

    /// <summary>Rows of few coordinates lie close together; their truth is short, so the whole pool is rescored.</summary>
    private const int FewCoordinates = 64;

    private readonly VectorSegment _segment;
    private readonly SegmentParts _parts;
    private readonly PreparedQuery _query;
    private readonly WalkScratch _scratch;
    private readonly QueryCheck _check;

    internal VectorSearcher(VectorSegment segment)
    {
        _segment = segment;
        _parts = segment.Parts;
        _query = new PreparedQuery(_parts.Calibration, _parts.Metric, _parts.Corrections is not null);
        _scratch = new WalkScratch(_parts.Count);
        _check = new QueryCheck(_parts.Metric, _parts.Dimension, _parts.Calibration.Cuts);
    }

    /// <summary>What the last search did.</summary>
    public SearchCounts Counts => _scratch.Counts;

    /// <summary>Finds the closest rows.</summary>
    /// <param name="query">Dimension finite values; for cosine of any length but 0.</param>
    /// <param name="hits">Receives the hits, best first; its length says how many are wanted.</param>
    /// <returns>How many hits there are: the wanted, or every row if there are fewer.</returns>
    public int Search(ReadOnlySpan<float> query, in SearchOptions options, Span<Candidate> hits)
    {
        _scratch.Counts = default;
        if (hits.IsEmpty || _parts.Count == 0)
        {
            return 0;
        }
        _check.Prepare(_query, query, options);
        if (_parts.Count <= Math.Max(VectorSegment.ScanLimit, hits.Length))
        {
            _scratch.Counts.Strategy = SearchStrategy.Scan;
            return TruthRanking.Scan(_segment.Truth(_query), _parts.Count, hits, ref _scratch.Counts);
        }
        SearchOptions resolved = Resolve(options);
        int rescore = RescoreCount(resolved, hits.Length);
        int breadth = Math.Max(resolved.Breadth, hits.Length);
        Walk(resolved, breadth, rescore, hits.Length);
        return TruthRanking.Rescore(_segment.Truth(_query), _scratch.Best, rescore, hits, ref _scratch.Counts);
    }

    /// <summary>
    /// Finds the closest accepted rows. Returns the wanted number of hits or every accepted row: where a walk falls
    /// short, the accepted rows are scanned.
    /// </summary>
    public int Search(ReadOnlySpan<float> query, in SearchOptions options, AcceptSet accept, Span<Candidate> hits)
    {
        if (accept.Words.Length != (_parts.Count + 63) / 64)
        {
            throw new ArgumentException("The accept set was made for another number of rows.", nameof(accept));
        }
        _scratch.Counts = default;
        _check.Prepare(_query, query, options);
        if (hits.IsEmpty || accept.Count == 0)
        {
            return 0;
        }
        SearchOptions resolved = Resolve(options);
        int breadth = Math.Max(resolved.Breadth, hits.Length);
        int rescore = RescoreCount(resolved, hits.Length);
        var codes = new CodeScorer(_parts.Codes, _parts.Corrections, _query, _query.CodeLength);
        if (FilterPlan.ShouldScan(_parts.Count, accept.Count, breadth) || !TryWalkAccepted(codes, resolved, accept, breadth, rescore, hits.Length))
        {
            _scratch.Counts.Strategy = SearchStrategy.Scan;
            rescore = Math.Max(rescore, ScanRescore * hits.Length);
            FilteredSearcher.Scan(codes, _scratch, accept.Words, rescore);
        }
        return TruthRanking.Rescore(_segment.Truth(_query), _scratch.Best, rescore, hits, ref _scratch.Counts);
    }

    /// <summary>Scores every row from truth.</summary>
    public int SearchExactly(ReadOnlySpan<float> query, Span<Candidate> hits)
    {
        _scratch.Counts = default;
        _check.Prepare(_query, query, new SearchOptions());
        return TruthRanking.Scan(_segment.Truth(_query), _parts.Count, hits, ref _scratch.Counts);
    }

    public void Dispose()
    {
        _query.Dispose();
        _scratch.Dispose();
    }

    private void Walk(in SearchOptions options, int breadth, int rescore, int wanted)
    {
        var codes = new CodeScorer(_parts.Codes, _parts.Corrections, _query, _query.CodeLength);
        Candidate<int> entry = Descend(codes);
        WalkTier tier = TierOf(options);
        StopRule stop = Stop(options, wanted);
        _scratch.Reset(breadth, tier == WalkTier.Sign ? breadth : Math.Max(breadth, rescore));
        LinkTable links = _segment.BaseLinks;
        var every = default(EveryRow);
        switch (tier)
        {
            case WalkTier.Code:
                _scratch.Start(entry);
                GraphSearcher.Walk(codes, links, _scratch, stop);
                break;
            case WalkTier.Prefilter:
                _scratch.Start(entry);
                PrefilterSearcher.Walk(new SignScorer(_parts.Signs!, _query), codes, links, _scratch, stop, ref every);
                break;
            default:
                var signs = new SignScorer(_parts.Signs!, _query);
                _scratch.Start(GraphSearcher.ScoreOne(signs, entry.Ordinal, _scratch));
                GraphSearcher.Walk(signs, links, _scratch, stop);
                break;
        }
        if (tier == WalkTier.Sign)
        {
            // All of the pool: 1-bit estimates order it too roughly, and cutting it before the codes caps recall.
            GraphSearcher.Refine(codes, _scratch, rescore);
        }
        else
        {
            _scratch.KeepBest(rescore);
        }
    }

    // False when the walk found fewer rows than it was allowed to look at: then it may have missed a part of the filter.
    private bool TryWalkAccepted(
        in CodeScorer codes, in SearchOptions options, AcceptSet accept, int breadth, int rescore, int wanted)
    {
        _scratch.Counts.Strategy = SearchStrategy.FilteredWalk;
        LinkTable links = _segment.BaseLinks;
        var every = default(EveryRow);
        _scratch.Reset(FilterPlan.ProbeBreadth, FilterPlan.ProbeBreadth);
        _scratch.Start(Descend(codes));
        GraphSearcher.Walk(codes, links, _scratch, StopRule.Breadth);
        uint entry = _scratch.Pool.OrdinalAt(0);
        double nearest = FilteredSearcher.AcceptedShare(_scratch.Pool, accept.Words);
        double around = FilteredSearcher.LocalShare(links, entry, accept.Words);
        breadth = FilterPlan.BreadthNear(nearest, around, _parts.Count, accept.Count, breadth);
        if (breadth == 0)
        {
            return false;
        }
        WalkTier tier = TierOf(options);
        StopRule stop = Stop(options, wanted);
        if (tier == WalkTier.Sign)
        {
            _scratch.Reset(breadth, breadth);
            FilteredSearcher.Walk(new SignScorer(_parts.Signs!, _query), links, _scratch, stop, entry, accept.Words, ref every);
            GraphSearcher.Refine(codes, _scratch, rescore);
        }
        else
        {
            _scratch.Reset(breadth, Math.Max(breadth, rescore));
            FilteredSearcher.Walk(codes, links, _scratch, stop, entry, accept.Words, ref every);
            _scratch.KeepBest(rescore);
        }
        return _scratch.Pool.Count >= Math.Min(stop.IsAdaptive ? 2 * wanted : breadth, accept.Count);
    }

    // A target recall becomes the margin that reached it when the segment was tuned.
    private SearchOptions Resolve(in SearchOptions options)
    {
        if (options.TargetRecall is not float target || options.Margin is not null || options.WalkDimension is not null)
        {
            return options;
        }
        WalkTier tier = TierOf(options);
        IReadOnlyList<TuningCurve> tuning = _parts.Calibration.Tuning;
        for (int i = 0; i < tuning.Count; i++)
        {
            if (tuning[i].Tier == tier)
            {
                return options with { Margin = tuning[i].MarginFor(target), Breadth = SegmentTuner.MaxBreadth };
            }
        }
        return options;
    }

    private StopRule Stop(in SearchOptions options, int wanted) => options.Margin is not float margin
        ? StopRule.Breadth
        : StopRule.Adaptive(wanted, margin, (0.5f * _query.DistanceOffset - _query.SimilarityOffset) / _query.Unit);

    private int RescoreCount(in SearchOptions options, int wanted)
    {
        int usual = _parts.Dimension < FewCoordinates ? Math.Max(options.Breadth, 20) : Math.Max(20, wanted + wanted / 2);
        return Math.Max(wanted, options.Rescore > 0 ? options.Rescore : usual);
    }

    private Candidate<int> Descend(in CodeScorer codes)
    {
        Candidate<int> best = GraphSearcher.ScoreOne(codes, _parts.EntryPoints[0], _scratch);
        for (int level = _parts.LevelCounts.Count; level >= 1; level--)
        {
            best = GraphSearcher.Descend(codes, _segment.UpperLinks(level), best, _scratch);
        }
        return best;
    }

    // 1-bit records estimate whole rows only.
    private WalkTier TierOf(in SearchOptions options) =>
        _parts.Signs is null || _query.CodeLength < _parts.Calibration.CodeDimension ? WalkTier.Code : options.Tier ?? _parts.Tier;
}
