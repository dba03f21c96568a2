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
    /// <summary>So few accepted rows are scored from truth at once: a scan of their codes would rescore about as many.</summary>
    private const int FewAccepted = 64;

    /// <summary>Standard deviations above a 1-bit estimate at which a scan drops a row: 3 lose one hit in 700.</summary>
    private const float ScanDeviations = 3f;

    private readonly VectorSegment _segment;
    private readonly SegmentParts _parts;
    private readonly PreparedQuery _query;
    private readonly WalkScratch _scratch;
    private readonly QueryCheck _check;
    private readonly StartFinder _starts;
    private FetchedRows? _fetched;
    private ulong[]? _every;

    internal VectorSearcher(VectorSegment segment)
    {
        _segment = segment;
        _parts = segment.Parts;
        _query = new PreparedQuery(_parts.Calibration, _parts.Metric, _parts.Corrections is not null);
        _scratch = new WalkScratch(_parts.Count);
        _starts = new StartFinder(segment.Levels(), [.. _parts.EntryPoints]);
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
            return options.ByCodes ? ScanCodes(options, Every(), hits) : SearchExactly(query, options, hits);
        }
        ResolvedSearch search = Resolve(options, hits.Length);
        Walk(search);
        int found = Rescore(search, hits);
        return ResolvedSearch.Above(hits, found, options.Bound);
    }

    /// <summary>
    /// Finds the closest accepted rows. Returns the wanted number of hits or every accepted row: where a walk falls
    /// short, the accepted rows are scanned. Fewer come only when the options ask for it: a bound, a ceiling, a cancellation.
    /// </summary>
    public int Search(ReadOnlySpan<float> query, in SearchOptions options, AcceptSet accept, Span<Candidate> hits)
    {
        Check(accept);
        _scratch.Counts = default;
        _check.Prepare(_query, query, options);
        if (hits.IsEmpty || accept.Count == 0)
        {
            return 0;
        }
        bool areFew = accept.Count <= FewAccepted && options.Strategy is null;
        if (areFew && options.ByCodes)
        {
            return ScanCodes(options, accept.Bits, hits);
        }
        ResolvedSearch search = Resolve(options, hits.Length);
        int found = areFew
            ? ScanTruth(accept, hits)
            : SearchAccepted(search, accept, hits);
        return ResolvedSearch.Above(hits, found, options.Bound);
    }

    /// <summary>Scores every row from truth.</summary>
    public int SearchExactly(ReadOnlySpan<float> query, Span<Candidate> hits) => SearchExactly(query, new SearchOptions(), hits);

    /// <summary>Scores every row from truth. Of the options, the rescored dimension, the bound and what ends a search count.</summary>
    public int SearchExactly(ReadOnlySpan<float> query, in SearchOptions options, Span<Candidate> hits)
    {
        _scratch.Counts = default;
        _check.Prepare(_query, query, options);
        _ = Resolve(options, hits.Length);
        _scratch.Counts.Strategy = SearchStrategy.Scan;
        int found = TruthRanking.Scan(Truth().OfScan, _parts.Count, _scratch, hits);
        return ResolvedSearch.Above(hits, found, options.Bound);
    }

    /// <summary>Scores every accepted row from truth.</summary>
    public int SearchExactly(ReadOnlySpan<float> query, in SearchOptions options, AcceptSet accept, Span<Candidate> hits)
    {
        Check(accept);
        _scratch.Counts = default;
        _check.Prepare(_query, query, options);
        _ = Resolve(options, hits.Length);
        return ResolvedSearch.Above(hits, ScanTruth(accept, hits), options.Bound);
    }

    public void Dispose()
    {
        _query.Dispose();
        _scratch.Dispose();
        _fetched?.Dispose();
    }

    private void Check(AcceptSet accept)
    {
        if (accept.Words.Length != (_parts.Count + 63) / 64)
        {
            throw new ArgumentException("The accept set was made for another number of rows.", nameof(accept));
        }
    }

    private ResolvedSearch Resolve(in SearchOptions options, int wanted)
    {
        var scale = new ScoreScale(_query, _parts.Metric, _parts.Calibration);
        _scratch.Watch.Start(options, scale, wanted);
        var search = new ResolvedSearch(options, _parts.Calibration, TierOf(options), scale, _parts.Dimension, wanted);
        _scratch.Counts.Margin = search.Options.Margin;
        return search;
    }

    // Fills Best with what is to be rescored.
    private void Walk(in ResolvedSearch search)
    {
        CodeScorer codes = Codes();
        SearchSpace space = Space(search, codes);
        ReadOnlySpan<Candidate<int>> starts = _starts.Find(codes, _scratch);
        var every = default(EveryRow);
        int capacity = search.Tier == WalkTier.Sign ? search.Breadth : Math.Max(search.Breadth, search.Rescore);
        _scratch.Reset(search.Breadth, capacity, search.Stop.Hits);
        space.Start(starts, _scratch, ref every);
        space.Walk(ref every, _scratch, search.Stop);
        space.Shorten(_scratch, search.Rescore);
    }

    private int SearchAccepted(in ResolvedSearch search, AcceptSet accept, Span<Candidate> hits)
    {
        CodeScorer codes = Codes();
        var costs = SearchCosts.Of(
            _parts.Calibration, _parts.Count, _query.CodeLength, _parts.TruthElement, search.Tier, _parts.Signs is not null);
        SearchStrategy strategy = search.Plan(costs, _parts.Count, accept.Count);
        if (strategy != SearchStrategy.Scan)
        {
            SearchSpace space = Space(search, codes);
            AcceptedQuery query = search.Among(_parts.Count, accept.Count, costs);
            if (AcceptedSearcher.TryWalk(space, _scratch, query, accept.Bits, strategy, _starts.Find(codes, _scratch)))
            {
                return Rescore(search, hits);
            }
        }
        _scratch.Counts.Strategy = strategy == SearchStrategy.Scan ? SearchStrategy.Scan : SearchStrategy.WalkThenScan;
        _scratch.Counts.EffectiveBreadth = 0;
        if (search.Options.ByCodes)
        {
            return CodeRanking.Scan(codes, search.Scale, _scratch, accept.Bits, hits);
        }
        SignScorer? signs = null;
        if (_parts.Signs is not null && _query.CodeLength == _parts.Calibration.CodeDimension)
        {
            _query.WidenSigns(ScanDeviations);
            signs = Signs();
        }
        return AcceptedRanking.Scan(codes, signs, Truth(), search.Scale, search.Scan, _scratch, accept.Bits, hits);
    }

    private int ScanCodes(in SearchOptions options, AcceptBits accept, Span<Candidate> hits)
    {
        ResolvedSearch search = Resolve(options, hits.Length);
        _scratch.Counts.Strategy = SearchStrategy.Scan;
        return ResolvedSearch.Above(hits, CodeRanking.Scan(Codes(), search.Scale, _scratch, accept, hits), options.Bound);
    }

    // Of segments so small that all rows are scored.
    private AcceptBits Every()
    {
        if (_every is null)
        {
            _every = new ulong[(_parts.Count + 63) / 64];
            Array.Fill(_every, ulong.MaxValue);
            _every[^1] >>= -_parts.Count & 63;
        }
        return new AcceptBits(_every);
    }

    private int ScanTruth(AcceptSet accept, Span<Candidate> hits)
    {
        _scratch.Counts.Strategy = SearchStrategy.Scan;
        return TruthRanking.Scan(Truth().OfScan, accept.Bits, _scratch, hits);
    }

    // As many as the caller asked for, or those of the usual number that can be hits.
    private int Rescore(in ResolvedSearch search, Span<Candidate> hits) => search.Options.ByCodes
        ? CodeRanking.Take(_scratch.Best, search.Scale, hits)
        : search.Options.Rescore > 0
        ? TruthRanking.Rescore(Truth(), _scratch.Best, search.Rescore, hits, ref _scratch.Counts)
        : TruthRanking.Rescore(
            Truth(), _scratch.Best, search.Rescore, search.Scale, search.Options.Bound ?? float.NegativeInfinity, hits, ref _scratch.Counts);

    private TruthScorer Truth() => _segment.Truth(_query, _parts.Truth.IsFetched ? _fetched ??= new FetchedRows(_parts.Truth) : null);

    private SearchSpace Space(in ResolvedSearch search, in CodeScorer codes) =>
        new(codes, search.Tier == WalkTier.Code ? default : Signs(), _segment.BaseLinks, search.Tier);

    private CodeScorer Codes() => CodeScorer.Of(_parts.Codes, _parts.Corrections, _query, _segment.TruthRows);

    private SignScorer Signs() => new(_parts.Signs!, _query);

    // 1-bit records estimate whole rows only.
    private WalkTier TierOf(in SearchOptions options) =>
        _parts.Signs is null || _query.CodeLength < _parts.Calibration.CodeDimension ? WalkTier.Code : options.Tier ?? _parts.Tier;
}
