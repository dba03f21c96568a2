using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// Searches a live segment while others write to it, without a lock: walks the graph over the linked rows by the same loop
/// as an immutable segment, scans the rows that are not linked yet, never returns a row that was dead when the search
/// began. Allocates nothing after the first search. One search at a time; one instance per thread.
/// </summary>
public sealed class LiveSearcher : IDisposable
{
    /// <summary>So few rows are scored from truth at once: a scan of their codes would rescore about as many.</summary>
    private const int FewAccepted = 64;

    private readonly LiveSegment _segment;
    private readonly LiveRows _rows;
    private readonly ReaderEpochs.Reader _reader;
    private readonly WalkScratch _scratch;
    private readonly AdmittedRows _admitted;
    private readonly LiveQuery _query;
    private Candidate[] _waiting = [];

    internal LiveSearcher(LiveSegment segment)
    {
        _segment = segment;
        _rows = segment.Rows;
        _query = new LiveQuery(segment);
        _scratch = new WalkScratch(_rows.Capacity);
        _admitted = new AdmittedRows(_rows.Capacity);
        _reader = segment.Epochs.Register();
    }

    /// <summary>What the last search did.</summary>
    public SearchCounts Counts => _scratch.Counts;

    /// <summary>Finds the closest live rows. A target recall is translated by the segment's
    /// <see cref="LiveSegment.Tuning"/>; the tier is always codes.</summary>
    /// <param name="query">Dimension finite values; for cosine of any length but 0.</param>
    /// <param name="hits">Receives the hits, best first; its length says how many are wanted.</param>
    /// <returns>How many hits there are: the wanted, or every live row if there are fewer.</returns>
    public int Search(ReadOnlySpan<float> query, in SearchOptions options, Span<Candidate> hits)
    {
        Enter();
        try
        {
            return SearchLive(query, options, hits);
        }
        finally
        {
            _segment.Epochs.Leave(_reader);
        }
    }

    /// <summary>Finds the closest live rows that are accepted. Rows that the accept set does not cover are not.</summary>
    public int Search(ReadOnlySpan<float> query, in SearchOptions options, AcceptSet accept, Span<Candidate> hits)
    {
        Enter();
        try
        {
            return SearchAccepted(query, options, accept, hits);
        }
        finally
        {
            _segment.Epochs.Leave(_reader);
        }
    }

    /// <summary>Scores every accepted live row from truth.</summary>
    public int SearchExactly(ReadOnlySpan<float> query, in SearchOptions options, AcceptSet accept, Span<Candidate> hits)
    {
        Enter();
        try
        {
            _query.Prepare(query, options);
            _ = Resolve(options, hits.Length);
            _scratch.Counts.Strategy = SearchStrategy.Scan;
            int found = 0;
            LiveScan.Run(_query.Truth, 0, _rows.Count, RowGate.Accepted(_rows.Dead, accept.Words), _scratch, hits, ref found);
            return ResolvedSearch.Above(hits, found, options.Bound);
        }
        finally
        {
            _segment.Epochs.Leave(_reader);
        }
    }

    public void Dispose()
    {
        _segment.Epochs.Unregister(_reader);
        _query.Dispose();
        _scratch.Dispose();
    }

    private void Enter()
    {
        _segment.Epochs.Enter(_reader);
        if (_segment.IsClosed)
        {
            _segment.Epochs.Leave(_reader);
            throw new ObjectDisposedException(nameof(LiveSegment));
        }
        _scratch.Counts = default;
    }

    private int SearchLive(ReadOnlySpan<float> query, in SearchOptions options, Span<Candidate> hits)
    {
        // Linked rows first, then all rows: read the other way round, a row could be in neither.
        int linked = _query.Prepare(query, options), all = _rows.Count, found = 0;
        if (hits.IsEmpty)
        {
            return 0;
        }
        ResolvedSearch search = Resolve(options, hits.Length);
        if (linked <= Math.Max(VectorSegment.ScanLimit, hits.Length))
        {
            _scratch.Counts.Strategy = SearchStrategy.Scan;
            if (options.ByCodes && linked > 0 && _admitted.AdmitLive(_rows.Dead, linked) > 0)
            {
                found = ScanCodes(search, hits);
            }
            else
            {
                linked = 0;
            }
        }
        else if (_rows.Dead.Count > 0 || !TryWalk(_query.Index!, search, linked))
        {
            int live = _admitted.AdmitLive(_rows.Dead, linked);
            found = live > 0 ? SearchAdmitted(search, linked, live, hits) : 0;
        }
        else
        {
            found = options.ByCodes
                ? CodeRanking.Take(_scratch.Best, search.Scale, hits)
                : TruthRanking.Rescore(_query.Truth, _scratch.Best, _scratch.Best.Count, hits, ref _scratch.Counts);
        }
        int coded = CodedBelow(search, linked);
        ScanCoded(search, coded > linked ? _admitted.AdmitLive(_rows.Dead, linked, coded) : 0, hits, ref found);
        LiveScan.Run(_query.Truth, coded, all, RowGate.Live(_rows.Dead), _scratch, hits, ref found);
        return ResolvedSearch.Above(hits, found, options.Bound);
    }

    private int SearchAccepted(ReadOnlySpan<float> query, in SearchOptions options, AcceptSet accept, Span<Candidate> hits)
    {
        int linked = _query.Prepare(query, options), all = _rows.Count, found = 0;
        if (hits.IsEmpty || accept.Count == 0)
        {
            return 0;
        }
        ResolvedSearch search = Resolve(options, hits.Length);
        int admitted = linked > 0 ? _admitted.AdmitAccepted(accept, _rows.Dead, 0, linked) : 0;
        _scratch.Counts.Strategy = SearchStrategy.Scan;
        if (admitted > FewAccepted)
        {
            found = SearchAdmitted(search, linked, admitted, hits);
        }
        else if (admitted > 0)
        {
            found = options.ByCodes ? ScanCodes(search, hits) : TruthRanking.Scan(_query.Truth, _admitted.UsedBits, _scratch, hits);
        }
        int coded = CodedBelow(search, linked);
        ScanCoded(search, coded > linked ? _admitted.AdmitAccepted(accept, _rows.Dead, linked, coded) : 0, hits, ref found);
        LiveScan.Run(_query.Truth, coded, all, RowGate.Accepted(_rows.Dead, accept.Words), _scratch, hits, ref found);
        return ResolvedSearch.Above(hits, found, options.Bound);
    }

    // How far codes tell the exact scores of rows that are not linked yet. Rows that nobody wants ranked by codes wait for truth, and few
    // are not worth it.
    private int CodedBelow(in ResolvedSearch search, int linked)
    {
        bool areWorthIt = _query.CodedBelow - linked > FewAccepted && !search.Options.ByCodes && search.Scale.IsExact;
        return areWorthIt ? _query.CodedBelow : linked;
    }

    // The admitted rows, exactly: codes rule out what cannot be a hit.
    private void ScanCoded(in ResolvedSearch search, int admitted, Span<Candidate> hits, ref int found)
    {
        if (admitted == 0)
        {
            return;
        }
        ScanRule rule = search.Scan;
        if (found == hits.Length)
        {
            rule = rule with { Floor = Math.Max(rule.Floor, search.Scale.FromScore(hits[^1].Score)) };
        }
        if (_waiting.Length < hits.Length)
        {
            _waiting = new Candidate[hits.Length];
        }
        Span<Candidate> waiting = _waiting.AsSpan(0, hits.Length);
        int walked = _scratch.Counts.Scored;
        int more = AcceptedRanking.Scan(_query.Coded, null, _query.Truth, search.Scale, rule, _scratch, _admitted.UsedBits, waiting);
        _scratch.Counts.Estimated += _scratch.Counts.Scored - walked;
        _scratch.Counts.Scored = walked;
        foreach (Candidate candidate in waiting[..more])
        {
            TruthRanking.Insert(hits, ref found, candidate);
        }
    }

    private ResolvedSearch Resolve(in SearchOptions options, int wanted)
    {
        Calibration calibration = _query.Tuned;
        ScoreScale scale = _query.ToScale();
        _scratch.Watch.Start(options, scale, wanted);
        bool untuned = options is { TargetRecall: not null, Margin: null, WalkDimension: null } && calibration.Tuning.Count == 0;
        float widest = Math.Max(SegmentTuner.Margins[^1], options.TargetMargin ?? 0);
        SearchOptions given = untuned ? options with { Margin = widest, Breadth = SegmentTuner.MaxBreadth } : options;
        var search = new ResolvedSearch(given, calibration, WalkTier.Code, scale, _rows.Dimension, wanted);
        _scratch.Counts.Margin = search.Options.Margin;
        return search;
    }

    // No row is dead. False when rows above the mark, which the scan meets again, took too many places.
    private bool TryWalk(LiveIndex index, in ResolvedSearch search, int linked)
    {
        CodeScorer codes = _query.Coded;
        ReadOnlySpan<Candidate<int>> starts = [Descend(codes, index)];
        var space = new SearchSpace(codes, default, index.Levels[0].Table, WalkTier.Code);
        var every = default(EveryRow);
        _scratch.Reset(search.Breadth, Math.Max(search.Breadth, search.Rescore), search.Stop.Hits);
        space.Start(starts, _scratch, ref every);
        space.Walk(ref every, _scratch, search.Stop);
        _scratch.Frontier.KeepBelow((uint)linked);
        space.Shorten(_scratch, search.Rescore);
        return _scratch.Best.Count >= search.Wanted || search.Stop.HasFloor || _scratch.Watch.IsEnded;
    }

    // The best of the admitted rows, by whichever way is cheapest.
    private int SearchAdmitted(in ResolvedSearch search, int linked, int admitted, Span<Candidate> hits)
    {
        LiveIndex index = _query.Index!;
        CodeScorer codes = _query.Coded;
        var costs = SearchCosts.Of(index.Space.Calibration, linked, _query.CodeLength, _rows.Element, WalkTier.Code, hasSigns: false);
        SearchStrategy strategy = search.Plan(costs, linked, admitted);
        if (strategy != SearchStrategy.Scan)
        {
            var space = new SearchSpace(codes, default, index.Levels[0].Table, WalkTier.Code);
            AcceptedQuery query = search.Among(linked, admitted, costs);
            if (AcceptedSearcher.TryWalk(space, _scratch, query, _admitted.Bits, strategy, [Descend(codes, index)]))
            {
                return search.Options.ByCodes
                    ? CodeRanking.Take(_scratch.Best, search.Scale, hits)
                    : TruthRanking.Rescore(_query.Truth, _scratch.Best, search.Rescore, hits, ref _scratch.Counts);
            }
        }
        _scratch.Counts.Strategy = strategy == SearchStrategy.Scan ? SearchStrategy.Scan : SearchStrategy.WalkThenScan;
        _scratch.Counts.EffectiveBreadth = 0;
        return search.Options.ByCodes ? ScanCodes(search, hits) : AcceptedRanking.Scan(
            codes, null, _query.Truth, search.Scale, search.Scan, _scratch, _admitted.UsedBits, hits);
    }

    // Of the admitted rows.
    private int ScanCodes(in ResolvedSearch search, Span<Candidate> hits) =>
        CodeRanking.Scan(_query.Coded, search.Scale, _scratch, _admitted.UsedBits, hits);

    private Candidate<int> Descend(in CodeScorer codes, LiveIndex index)
    {
        (uint first, int level) = index.Entry;
        Candidate<int> best = Descent.ScoreOne(codes, first, _scratch);
        for (; level >= 1; level--)
        {
            best = Descent.Run(codes, index.Levels[level].Table, best, _scratch);
        }
        return best;
    }
}
