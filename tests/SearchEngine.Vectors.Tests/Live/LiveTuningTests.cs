using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Live;
using SearchEngine.Vectors.Quantization;
using Xunit;

namespace SearchEngine.Vectors.Tests.Live;

/// <summary>A target recall means something in a live segment too, and a search says what it was translated to.</summary>
public sealed class LiveTuningTests
{
    private const int Count = 9_000;
    private const int Dimension = 96;
    private const int K = 10;

    [Fact]
    public void ATargetIsReachedAndAGreaterOneCostsMore()
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw();
        using LiveSegment live = Fill(rows, Count);
        for (uint i = 0; i < Count; i += 9)
        {
            live.Delete(i);
        }
        Assert.NotNull(live.Tuning);
        (double low, double lowWork) = Run(live, rows, queries, 0.85f);
        (double high, double highWork) = Run(live, rows, queries, 0.98f);
        Assert.True(low > 0.80, $"Recall {low:F3} where 0.85 was asked for.");
        Assert.True(high > 0.94, $"Recall {high:F3} where 0.98 was asked for.");
        Assert.True(highWork > 1.2 * lowWork, $"{highWork:F0} rows scored for 0.98, {lowWork:F0} for 0.85: the target changes nothing.");
    }

    [Fact]
    public void ASearchSaysWhichMarginItTook()
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw();
        using LiveSegment young = Fill(rows, 1_200);
        Assert.Null(young.Tuning);
        Assert.Equal(SegmentTuner.Margins[^1], MarginOf(young, queries, new SearchOptions { TargetRecall = 0.9f }));
        using LiveSegment live = Fill(rows, 5_000);
        TuningCurve curve = live.Tuning!;
        Assert.Equal(curve.MarginFor(0.9f), MarginOf(live, queries, new SearchOptions { TargetRecall = 0.9f }));
        Assert.Equal(0.5f, MarginOf(live, queries, new SearchOptions { TargetRecall = 0.9f, Margin = 0.5f }));
        Assert.Null(MarginOf(live, queries, new SearchOptions { Breadth = 50 }));
    }

    [Fact]
    public void TheCurveIsMeasuredAnewWhenTheRowsHaveDoubled()
    {
        (FloatMatrix rows, _) = Draw();
        using LiveSegment live = Fill(rows, 2_100);
        TuningCurve first = live.Tuning!;
        Append(live, rows, 2_100, 3_900);
        Assert.Same(first, live.Tuning);
        Append(live, rows, 3_900, 4_300);
        Assert.NotSame(first, live.Tuning);
    }

    private static float? MarginOf(LiveSegment live, FloatMatrix queries, SearchOptions options)
    {
        using LiveSearcher searcher = live.CreateSearcher();
        searcher.Search(queries.Row(0), options, new Candidate[K]);
        return searcher.Counts.Margin;
    }

    private static (double Recall, double Scored) Run(LiveSegment live, FloatMatrix rows, FloatMatrix queries, float target)
    {
        using LiveSearcher searcher = live.CreateSearcher();
        var hits = new Candidate[K];
        double recall = 0, scored = 0;
        for (int q = 0; q < queries.Count; q++)
        {
            int count = searcher.Search(queries.Row(q), new SearchOptions { TargetRecall = target }, hits);
            int[] truth = [.. BruteForceOracle.Search(rows, queries.Row(q), OracleMetric.Cosine, K, r => r % 9 != 0).Select(t => t.Row)];
            int[] found = [.. hits[..count].Select(h => (int)live.SourceRow(h.Ordinal))];
            recall += Recall.TieAware(rows, queries.Row(q), OracleMetric.Cosine, found, truth, K, slack: 3e-5);
            scored += searcher.Counts.Scored;
        }
        return (recall / queries.Count, scored / queries.Count);
    }

    private static LiveSegment Fill(FloatMatrix rows, int count)
    {
        var live = new LiveSegment(new LiveOptions
        {
            Dimension = Dimension,
            Capacity = Count,
            CalibrationRows = 1_000,
            Graph = new SegmentOptions { BuildBreadth = 100, Threads = 2 },
        });
        Append(live, rows, 0, count);
        return live;
    }

    private static void Append(LiveSegment live, FloatMatrix rows, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            live.Append(rows.Row(i), (uint)i);
        }
        live.LinkPending(int.MaxValue);
    }

    private static (FloatMatrix Rows, FloatMatrix Queries) Draw()
    {
        var generator = new EmbeddingGenerator(new EmbeddingRecipe
        {
            Name = "live tuning",
            Count = Count,
            Dim = Dimension,
            Latent = 40,
            Topics = 60,
            QueryCount = 100,
        });
        return (generator.Documents(), generator.Queries());
    }
}
