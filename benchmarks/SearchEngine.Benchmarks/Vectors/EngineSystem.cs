using System.Diagnostics;
using System.Globalization;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>
/// Ours on one tier. Searchers and buffers are made once; a pass allocates nothing while it is timed.
/// </summary>
internal sealed class EngineSystem : ISearchSystem
{
    private readonly EngineIndex _index;
    private readonly WalkTier? _tier;
    private readonly FloatMatrix _queries;
    private readonly IdMatrix _truth;
    private readonly int _k;
    private readonly ulong[]? _accept;
    private readonly int? _prefix;
    private readonly List<VectorSearcher> _searchers = [];
    private readonly int[] _found;
    private readonly double[] _latencies;
    private long _scored;
    private long _hops;
    private int _next;

    public EngineSystem(EngineIndex index, WalkTier? tier, FloatMatrix queries, IdMatrix truth, AnnArguments arguments, ulong[]? accept = null)
    {
        _accept = accept;
        _prefix = arguments.PrefixDim;
        _index = index;
        _tier = tier;
        _queries = queries;
        _truth = truth;
        _k = arguments.K;
        _found = new int[queries.Count * arguments.K];
        _latencies = new double[queries.Count];
        VectorSegment segment = index.Segment;
        string config = $"M={segment.Parts.MaxLinks} efC={arguments.BuildBreadth} {tier ?? segment.Parts.Tier}"
            + (_prefix is null ? string.Empty : $" prefix={_prefix}")
            + (accept is null ? string.Empty : $" filter={Share(accept, segment.Count)}")
            + (index.Opened ? " opened" : string.Empty);
        Build = new BuildLine(
            "build", "ours", config, segment.Count, segment.Dimension, arguments.BuildThreads, Math.Round(index.Seconds, 3),
            index.BytesOnDisk, index.ResidentMb);
    }

    public BuildLine Build { get; }

    public bool HasAdaptiveStop => true;

    /// <summary>Bytes allocated on the search threads during the last pass, after the warm-up should be none.</summary>
    public long AllocatedBytes { get; private set; }

    public PassResult Pass(OperatingPoint point, int threads)
    {
        while (_searchers.Count < threads)
        {
            _searchers.Add(_index.Segment.CreateSearcher());
        }

        var options = new SearchOptions
        {
            Breadth = point.Breadth,
            Margin = (float?)point.Margin,
            Tier = _tier,
            WalkDimension = _prefix,
        };
        (_scored, _hops, _next, AllocatedBytes) = (0, 0, -1, 0);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(t => new Thread(() => Search(t, options)))];
        long started = Stopwatch.GetTimestamp();
        Array.ForEach(workers, w => w.Start());
        Array.ForEach(workers, w => w.Join());
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double[] sorted = [.. _latencies.Order()];
        return new PassResult(
            MeanRecall(), _queries.Count / seconds, sorted[sorted.Length / 2] * 1e6, sorted[sorted.Length * 99 / 100] * 1e6,
            (double)_scored / _queries.Count, (double)_hops / _queries.Count);
    }

    public void Dispose()
    {
        _searchers.ForEach(s => s.Dispose());
        _searchers.Clear();
    }

    private void Search(int thread, SearchOptions options)
    {
        ThreadAffinity.Pin(thread);
        VectorSearcher searcher = _searchers[thread];
        VectorSegment segment = _index.Segment;
        var hits = new Candidate[_k];
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        long scored = 0, hops = 0;
        for (int q; (q = Interlocked.Increment(ref _next)) < _queries.Count;)
        {
            long started = Stopwatch.GetTimestamp();
            int count = _accept is null
                ? searcher.Search(_queries.Row(q), options, hits)
                : searcher.Search(_queries.Row(q), options, AcceptSet.From(_accept, segment.Count), hits);
            _latencies[q] = Stopwatch.GetElapsedTime(started).TotalSeconds;
            for (int i = 0; i < _k; i++)
            {
                _found[(q * _k) + i] = i < count ? (int)segment.SourceRow(hits[i].Ordinal) : -1;
            }

            scored += searcher.Counts.Scored + searcher.Counts.Estimated;
            hops += searcher.Counts.Hops;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        lock (_searchers)
        {
            _scored += scored;
            _hops += hops;
            AllocatedBytes += allocated;
        }
    }

    private static string Share(ulong[] accept, int rows) =>
        ((double)AcceptSet.From(accept, rows).Count / rows).ToString("G3", CultureInfo.InvariantCulture);

    private double MeanRecall()
    {
        double sum = 0;
        for (int q = 0; q < _queries.Count; q++)
        {
            sum += Recall.ByIdentity(_found.AsSpan(q * _k, _k), _truth.Row(q), _k);
        }

        return sum / _queries.Count;
    }
}
