using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// Searches a live segment while others write to it, without a lock: walks the graph over the linked rows by the same loop
/// as an immutable segment, scans the rows that are not linked yet, never returns a row that was dead when the search
/// began. Allocates nothing after the first search. One search at a time; one instance per thread.
/// </summary>
public sealed class LiveSearcher : IDisposable
{
    /// <summary>Walks of one search: more are made only when dead rows took the places of live ones.</summary>
    private const int MaxWalks = 3;

    /// <summary>Rows of few coordinates lie close together; their truth is short, so the whole pool is rescored.</summary>
    private const int FewCoordinates = 64;

    private readonly LiveSegment _segment;
    private readonly LiveRows _rows;
    private readonly ReaderEpochs.Reader _reader;
    private readonly WalkScratch _scratch;
    private readonly QueryCheck _check;
    private readonly ulong[] _admitted;
    private PreparedQuery _query;
    private LiveIndex? _index;

    internal LiveSearcher(LiveSegment segment)
    {
        _segment = segment;
        _rows = segment.Rows;
        _query = new PreparedQuery(segment.Uncalibrated, segment.Metric, corrected: false);
        _scratch = new WalkScratch(_rows.Capacity);
        _check = new QueryCheck(segment.Metric, segment.Dimension, segment.Uncalibrated.Cuts);
        _admitted = new ulong[(_rows.Capacity + 63) / 64];
        _reader = segment.Epochs.Register();
    }

    /// <summary>What the last search did.</summary>
    public SearchCounts Counts => _scratch.Counts;

    /// <summary>Finds the closest live rows. Of the options, tier and target recall are for segments that have been tuned; here the
    /// walk reads codes and takes breadth and margin as they are.</summary>
    /// <param name="query">Dimension finite values; for cosine of any length but 0.</param>
    /// <param name="hits">Receives the hits, best first; its length says how many are wanted.</param>
    /// <returns>How many hits there are: the wanted, or every live row if there are fewer.</returns>
    public int Search(ReadOnlySpan<float> query, in SearchOptions options, Span<Candidate> hits)
    {
        Enter();
        try
        {
            return Search(query, options, RowGate.Live(_rows.Dead), hits);
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

    private int Search(ReadOnlySpan<float> query, in SearchOptions options, in RowGate gate, Span<Candidate> hits)
    {
        // Linked rows first, then all rows: read the other way round, a row could be in neither.
        int linked = Prepare(query, options), all = _rows.Count, found = 0;
        TruthScorer truth = Truth();
        if (hits.IsEmpty)
        {
            return 0;
        }
        if (linked > Math.Max(VectorSegment.ScanLimit, hits.Length) && TryWalk(_index!, options, hits.Length, linked))
        {
            found = TruthRanking.Rescore(truth, _scratch.Best, _scratch.Best.Count, hits, ref _scratch.Counts);
        }
        else
        {
            _scratch.Counts.Strategy = SearchStrategy.Scan;
            linked = 0;
        }
        LiveScan.Run(truth, linked, all, gate, hits, ref found, ref _scratch.Counts);
        return found;
    }

    private int SearchAccepted(ReadOnlySpan<float> query, in SearchOptions options, AcceptSet accept, Span<Candidate> hits)
    {
        int linked = Prepare(query, options), all = _rows.Count, found = 0;
        TruthScorer truth = Truth();
        RowGate gate = RowGate.Accepted(_rows.Dead, accept.Words);
        if (hits.IsEmpty || accept.Count == 0)
        {
            return 0;
        }
        int admitted = linked > 0 ? Admit(accept.Words, linked) : 0;
        int breadth = Math.Max(options.Breadth, hits.Length);
        if (admitted > 0 && !FilterPlan.ShouldScan(linked, admitted, breadth)
            && TryWalkAccepted(_index!, options, hits.Length, linked, admitted))
        {
            found = TruthRanking.Rescore(truth, _scratch.Best, _scratch.Best.Count, hits, ref _scratch.Counts);
        }
        else
        {
            _scratch.Counts.Strategy = SearchStrategy.Scan;
            linked = 0;
        }
        LiveScan.Run(truth, linked, all, gate, hits, ref found, ref _scratch.Counts);
        return found;
    }

    // Rows below the returned ordinal are linked.
    private int Prepare(ReadOnlySpan<float> query, in SearchOptions options)
    {
        if (_segment.Index is LiveIndex index && index != _index)
        {
            _query.Dispose();
            _query = new PreparedQuery(index.Space.Calibration, _segment.Metric, index.Corrections is not null);
            _index = index;
        }
        _check.Prepare(_query, query, options);
        return _index is { HasEntry: true } ? _index.LinkedBelow : 0;
    }

    // Fills Best with live linked rows; false when dead ones crowd them out too much.
    private bool TryWalk(LiveIndex index, in SearchOptions options, int wanted, int linked)
    {
        int rescore = RescoreCount(options, wanted), breadth = Math.Max(options.Breadth, wanted), ahead = 0;
        CodeScorer codes = Codes(index);
        Candidate<int> entry = Descend(codes, index);
        for (int walk = 0; walk < MaxWalks; walk++)
        {
            _scratch.Reset(breadth, Math.Max(breadth, rescore));
            _scratch.Start(entry);
            GraphSearcher.Walk(codes, index.Levels[0].Table, _scratch, Stop(options, wanted + ahead));
            int kept = KeepLive(rescore, wanted, linked, out int dropped, out int before);
            bool enough = dropped * 4 <= _scratch.Pool.Count && kept >= wanted && (options.Margin is null || before <= ahead);
            if (enough)
            {
                return true;
            }
            ahead = before;
            breadth = Math.Min(linked, breadth + breadth / 4 + breadth * dropped / Math.Max(1, _scratch.Pool.Count - dropped));
        }
        return _scratch.Best.Count >= wanted;
    }

    // Dead rows were walked; linked rows above the mark are left to the scan, which meets them again.
    private int KeepLive(int most, int wanted, int linked, out int dropped, out int before)
    {
        CandidatePool pool = _scratch.Pool, best = _scratch.Best;
        best.Reset(most, most);
        int kept = 0;
        dropped = before = 0;
        for (int i = 0; i < pool.Count; i++)
        {
            uint ordinal = pool.OrdinalAt(i);
            if (ordinal >= (uint)linked || _rows.Dead.Contains(ordinal))
            {
                dropped++;
                before += kept < wanted ? 1 : 0;
                continue;
            }
            if (kept++ < most)
            {
                best.Offer(pool.ScoreAt(i), ordinal);
            }
        }
        return kept;
    }

    private bool TryWalkAccepted(LiveIndex index, in SearchOptions options, int wanted, int linked, int admitted)
    {
        int rescore = RescoreCount(options, wanted), breadth = Math.Max(options.Breadth, wanted);
        CodeScorer codes = Codes(index);
        LinkTable links = index.Levels[0].Table;
        _scratch.Reset(FilterPlan.ProbeBreadth, FilterPlan.ProbeBreadth);
        _scratch.Start(Descend(codes, index));
        GraphSearcher.Walk(codes, links, _scratch, StopRule.Breadth);
        uint entry = _scratch.Pool.OrdinalAt(0);
        double nearest = FilteredSearcher.AcceptedShare(_scratch.Pool, _admitted);
        double around = FilteredSearcher.LocalShare(links, entry, _admitted);
        breadth = FilterPlan.BreadthNear(nearest, around, linked, admitted, breadth);
        if (breadth == 0)
        {
            return false;
        }
        _scratch.Counts.Strategy = SearchStrategy.FilteredWalk;
        StopRule stop = Stop(options, wanted);
        _scratch.Reset(breadth, Math.Max(breadth, rescore));
        var every = default(EveryRow);
        FilteredSearcher.Walk(codes, links, _scratch, stop, entry, _admitted, ref every);
        _scratch.KeepBest(rescore);
        return _scratch.Pool.Count >= Math.Min(stop.IsAdaptive ? 2 * wanted : breadth, admitted);
    }

    // The admitted bits cover the whole capacity, since links may name rows that were appended a moment ago.
    private int Admit(ReadOnlySpan<ulong> accept, int linked)
    {
        Array.Clear(_admitted);
        int words = Math.Min(accept.Length, (linked + 63) / 64), count = 0;
        ReadOnlySpan<ulong> dead = _rows.Dead.Words;
        for (int w = 0; w < words; w++)
        {
            ulong beyond = (w + 1) * 64 > linked ? ulong.MaxValue << (linked % 64) : 0;
            _admitted[w] = accept[w] & ~dead[w] & ~beyond;
            count += System.Numerics.BitOperations.PopCount(_admitted[w]);
        }
        return count;
    }

    private CodeScorer Codes(LiveIndex index) => new(index.Codes, index.Corrections, _query, _query.CodeLength);

    private TruthScorer Truth() => new(_rows.Truth, _rows.Element, _segment.Metric, _query);

    private Candidate<int> Descend(in CodeScorer codes, LiveIndex index)
    {
        (uint first, int level) = index.Entry;
        Candidate<int> best = GraphSearcher.ScoreOne(codes, first, _scratch);
        for (; level >= 1; level--)
        {
            best = GraphSearcher.Descend(codes, index.Levels[level].Table, best, _scratch);
        }
        return best;
    }

    private StopRule Stop(in SearchOptions options, int wanted) => options.Margin is not float margin
        ? StopRule.Breadth
        : StopRule.Adaptive(wanted, margin, (0.5f * _query.DistanceOffset - _query.SimilarityOffset) / _query.Unit);

    private int RescoreCount(in SearchOptions options, int wanted)
    {
        int usual = _rows.Dimension < FewCoordinates ? Math.Max(options.Breadth, 20) : Math.Max(20, wanted + wanted / 2);
        return Math.Max(wanted, options.Rescore > 0 ? options.Rescore : usual);
    }
}
