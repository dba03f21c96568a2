using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>
/// Measures the adaptive stop of every tier on a sample of queries and chooses the cheapest tier. Without queries of the
/// caller it makes its own (<see cref="MadeQueries"/>). Counts work instead of time, so the same rows tune the same everywhere.
/// </summary>
internal sealed class SegmentTuner
{
    internal const int Hits = 10;
    private const int MaxQueries = 96;

    /// <summary>Ceiling of adaptive walks.</summary>
    internal const int MaxBreadth = 2_000;

    /// <summary>Recall at which tiers are compared.</summary>
    private const float ComparedRecall = 0.95f;

    /// <summary>No wider margin is tried from here on.</summary>
    internal const float EnoughRecall = 0.998f;

    internal static readonly float[] Margins = [0.02f, 0.04f, 0.06f, 0.08f, 0.105f, 0.14f, 0.19f, 0.26f];

    private readonly VectorSegment _segment;
    private readonly int _threads;

    /// <param name="threads">Threads that score rows; the outcome is the same for any number.</param>
    public SegmentTuner(VectorSegment segment, int threads)
    {
        _segment = segment;
        _threads = threads;
    }

    /// <returns>One curve per tier that the segment has records for, cheapest at the compared recall first.</returns>
    public IReadOnlyList<TuningCurve> Run(IRowSource? queries)
    {
        using VectorSearcher searcher = _segment.CreateSearcher();
        float[][] sample = queries is null ? MakeQueries(searcher) : Read(queries);
        float[] truth = FindTruth(sample);
        WalkTier[] tiers = _segment.Parts.Signs is null ? [WalkTier.Code] : [WalkTier.Sign, WalkTier.Prefilter, WalkTier.Code];
        return [.. tiers.Select(t => Measure(searcher, t, sample, truth)).OrderBy(c => c.WorkFor(ComparedRecall))];
    }

    // The score of the last right hit of every query, by scoring every row: the hits of a wide walk would hide what no walk
    // finds, and of equal rows any will do. Every thread takes whole batches.
    private float[] FindTruth(float[][] sample)
    {
        var truth = new float[sample.Length];
        int wanted = Math.Min(Hits, _segment.Count), dimension = _segment.Dimension;
        int share = Math.Clamp((sample.Length + _threads - 1) / _threads, 1, ExactSearcher.BatchQueries);
        Parallel.For(0, (sample.Length + share - 1) / share, CallersThreads.Options(_threads), part =>
        {
            using ExactSearcher exact = _segment.CreateExactSearcher();
            float[][] own = sample[(part * share)..Math.Min(sample.Length, (part + 1) * share)];
            var queries = new float[own.Length * dimension];
            for (int i = 0; i < own.Length; i++)
            {
                own[i].CopyTo(queries, i * dimension);
            }
            var hits = new Candidate[own.Length * wanted];
            exact.Search(queries, new SearchOptions(), hits);
            for (int i = 0; i < own.Length; i++)
            {
                truth[part * share + i] = hits[(i + 1) * wanted - 1].Score;
            }
        });
        return truth;
    }

    private TuningCurve Measure(VectorSearcher searcher, WalkTier tier, float[][] sample, float[] truth)
    {
        var points = new List<TuningPoint>();
        var hits = new Candidate[Hits];
        foreach (float margin in Margins)
        {
            int right = 0, wanted = 0;
            double work = 0;
            for (int i = 0; i < sample.Length; i++)
            {
                int found = searcher.Search(sample[i], new SearchOptions { Breadth = MaxBreadth, Margin = margin, Tier = tier }, hits);
                right += hits[..found].Count(h => h.Score >= truth[i]);
                wanted += Math.Min(Hits, _segment.Count);
                work += Work(tier, searcher.Counts);
            }
            float recall = wanted > 0 ? (float)right / wanted : 1f;
            points.Add(new TuningPoint(margin, recall, (float)(work / Math.Max(1, sample.Length))));
            if (recall > EnoughRecall)
            {
                break;
            }
        }
        return new TuningCurve(tier, points);
    }

    // In nanoseconds.
    private double Work(WalkTier tier, in SearchCounts counts)
    {
        double code = SearchCosts.WalkedCode + SearchCosts.Line * _segment.Parts.Calibration.CodeDimension / 64;
        double sign = SearchCosts.WalkedSign + SearchCosts.Line * _segment.Parts.Calibration.SignStride / 64;
        double scored = tier == WalkTier.Sign ? sign : code;
        return counts.Scored * scored + counts.Estimated * sign;
    }

    private float[][] MakeQueries(VectorSearcher searcher) => MadeQueries.Make(
        MaxQueries, [.. Enumerable.Range(0, _segment.Count).Select(i => (uint)i)], _segment.Dimension, _segment.TruthRows.Read, searcher.Search);

    private static float[][] Read(IRowSource queries)
    {
        int count = Math.Min(queries.Count, 4 * MaxQueries);
        var rows = new float[count][];
        for (int i = 0; i < count; i++)
        {
            rows[i] = new float[queries.Dimension];
            queries.CopyRow((int)((long)i * queries.Count / count), rows[i]);
        }
        return rows;
    }
}
