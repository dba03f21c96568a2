using System.Diagnostics;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Graph;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>
/// Times the chosen plan against each strategy forced and the unfiltered walk, in turns, so that what disturbs the machine
/// disturbs all of them.
/// </summary>
internal sealed class FilterMeasurement(VectorSegment segment, FloatMatrix queries, int k, int passes)
{
    private const int Walk = 0, Plan = 1, Scan = 2, Cross = 3, Collect = 4, Kinds = 5;

    private static readonly SearchStrategy?[] Forced =
        [null, null, SearchStrategy.Scan, SearchStrategy.FilteredWalk, SearchStrategy.WalkThenFilter];

    private readonly Candidate[] _hits = new Candidate[k];

    public FilterLine Run(FilterCase filter, string accuracy, SearchOptions options)
    {
        using VectorSearcher searcher = segment.CreateSearcher();
        // The least time of each query: what disturbs the machine only adds.
        var times = new long[Kinds][];
        var recalls = new double[Kinds];
        var starved = new double[Kinds];
        SearchCounts planned = default;
        double breadth = 0, scored = 0;
        var strategies = new Dictionary<SearchStrategy, int>();
        for (int pass = 0; pass <= passes; pass++)
        {
            for (int kind = 0; kind < Kinds; kind++)
            {
                times[kind] ??= Enumerable.Repeat(long.MaxValue, queries.Count).ToArray();
                SearchOptions forced = options with { Strategy = Forced[kind] };
                recalls[kind] = starved[kind] = 0;
                for (int q = 0; q < queries.Count; q++)
                {
                    AcceptSet accept = filter.Accept(q);
                    long started = Stopwatch.GetTimestamp();
                    int found = kind == Walk
                        ? searcher.Search(queries.Row(q), forced, _hits)
                        : searcher.Search(queries.Row(q), forced, accept, _hits);
                    times[kind][q] = Math.Min(times[kind][q], Stopwatch.GetTimestamp() - started);
                    recalls[kind] += RecallOf(_hits.AsSpan(0, found), filter.Truth[q]);
                    starved[kind] += searcher.Counts.Strategy == SearchStrategy.WalkThenScan ? 1.0 / queries.Count : 0;
                    if (kind == Plan && pass == passes)
                    {
                        planned = searcher.Counts;
                        strategies[planned.Strategy] = strategies.GetValueOrDefault(planned.Strategy) + 1;
                        breadth += planned.EffectiveBreadth;
                        scored += planned.Scored + planned.Estimated;
                    }
                }
            }
        }

        double[] us = [.. times.Select(t => Stopwatch.GetElapsedTime(0, t.Sum()).TotalMicroseconds / queries.Count)];
        double[] mean = [.. recalls.Select(r => Math.Round(r / queries.Count, 4))];
        string strategy = string.Join('/', strategies.OrderByDescending(s => s.Value).Select(s => s.Key));
        return new FilterLine(
            "filter", segment.Count, segment.Dimension, k, accuracy, filter.Correlation, filter.Share, strategy,
            Math.Round(breadth / queries.Count, 1), Round(us[Plan]), Round(us[Scan]), Round(us[Walk]), Round(us[Cross]),
            Round(us[Collect]), Math.Round(us[Plan] / Math.Min(us[Scan], us[Walk]), 3), mean[Plan], mean[Walk], mean[Cross],
            mean[Collect], mean[Scan], Math.Round(scored / queries.Count, 1), starved[Cross], starved[Collect]);
    }

    private static double Round(double us) => Math.Round(us, 2);

    private static double RecallOf(ReadOnlySpan<Candidate> hits, uint[] truth)
    {
        int right = 0;
        foreach (Candidate hit in hits)
        {
            right += Array.IndexOf(truth, hit.Ordinal) >= 0 ? 1 : 0;
        }

        return truth.Length == 0 ? 1 : (double)right / truth.Length;
    }
}
