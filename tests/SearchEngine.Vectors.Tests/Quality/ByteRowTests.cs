using SearchEngine.Testing;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Live;
using SearchEngine.Vectors.Merge;
using Xunit;

namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>Rows that already are signed bytes: stored as such, their own codes, exact scores, through every kind of segment.</summary>
public sealed class ByteRowTests
{
    private const int Count = 4_200;
    private const int Dimension = 100;
    private const int K = 10;
    private const double CosineTolerance = 1e-6;

    private static SegmentOptions Options(Metric metric) => new()
    {
        Metric = metric,
        BuildBreadth = 100,
        Threads = 2,
        Truth = ElementType.Int8,
        PrefixDimensions = [32, 64],
    };

    [Theory]
    [InlineData(Metric.Cosine)]
    [InlineData(Metric.Dot)]
    [InlineData(Metric.L2)]
    public void BytesAreBuiltWrittenOpenedScrubbedAndSearched(Metric metric)
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw();
        using VectorSegment built = VectorSegment.Build(new FloatRowSource(rows.Values, Dimension), Options(metric));
        GraphValidator.AssertValid(new SegmentGraph(built.Parts), $"building bytes, {metric}");
        Check(built, rows, queries, metric, "building", _ => true, s => (int)s);
        using var directory = new TempDirectory();
        string path = directory.File("segment");
        SegmentFiles.Write(path, built.Parts);
        Assert.True(File.Exists(Path.Combine(path, "truth.i8")), "Bytes are not stored as bytes.");
        Assert.Empty(SegmentFiles.Scrub(path));
        using var opened = new VectorSegment(SegmentFiles.Open(path, new SegmentOpenOptions { Verification = Verification.Blocks }));
        Check(opened, rows, queries, metric, "opening", _ => true, s => (int)s);
    }

    // The codes are the rows, so what a walk finds it ranks as truth does: rescoring more changes nothing.
    [Theory]
    [InlineData(Metric.Cosine)]
    [InlineData(Metric.Dot)]
    [InlineData(Metric.L2)]
    public void AWalkRanksAsTruthDoes(Metric metric)
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw(least: -127);
        using VectorSegment segment = VectorSegment.Build(new FloatRowSource(rows.Values, Dimension), Options(metric));
        using VectorSearcher searcher = segment.CreateSearcher();
        Candidate[] few = new Candidate[K], many = new Candidate[K];
        for (int q = 0; q < queries.Count; q++)
        {
            searcher.Search(queries.Row(q), new SearchOptions { Breadth = 80, Rescore = K }, few);
            searcher.Search(queries.Row(q), new SearchOptions { Breadth = 80, Rescore = 80 }, many);
            Assert.True(
                few.Select(h => h.Score).SequenceEqual(many.Select(h => h.Score)),
                $"{metric}, query {q}: the walk's order of bytes is not that of the exact scores.");
        }
    }

    [Theory]
    [InlineData(Metric.Cosine)]
    [InlineData(Metric.Dot)]
    [InlineData(Metric.L2)]
    public void BytesLiveAreFrozenAndMerged(Metric metric)
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw();
        using LiveSegment first = Fill(rows, 0, 2_600, metric), second = Fill(rows, 2_600, Count, metric);
        CheckLive(first, rows, queries, metric, r => r < 2_600);
        first.Seal();
        second.Seal();
        using VectorSegment a = SegmentMerger.Freeze(first, out _), b = SegmentMerger.Freeze(second, out _);
        Check(a, rows, queries, metric, "freezing", r => r < 2_600, s => (int)s);
        using VectorSegment merged = SegmentMerger.Merge(
            [new MergeInput { Segment = a }, new MergeInput { Segment = b }], Options(metric), out MergeReport report);
        Assert.True(report.CopiedCodes == Count, $"{report}: bytes were encoded anew.");
        Check(merged, rows, queries, metric, "merging", _ => true, s => (int)s);
    }

    [Fact]
    public void BytesMergedWithFloatsBecomeFloats()
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw();
        using VectorSegment bytes = VectorSegment.Build(new FloatRowSource(rows.Values.AsMemory(0, 3_000 * Dimension), Dimension), Options(Metric.Cosine));
        using VectorSegment floats = VectorSegment.Build(
            new FloatRowSource(rows.Values.AsMemory(3_000 * Dimension), Dimension), Options(Metric.Cosine) with { Truth = null });
        using VectorSegment merged = SegmentMerger.Merge(
            [
                new MergeInput { Segment = bytes },
                new MergeInput { Segment = floats, Sources = Enumerable.Range(0, floats.Count).Select(o => 3_000 + floats.SourceRow((uint)o)).ToArray() },
            ],
            Options(Metric.Cosine) with { Truth = null }, out _);
        Assert.Equal(ElementType.Float16, merged.Parts.TruthElement);
        using VectorSearcher searcher = merged.CreateSearcher();
        var hits = new Candidate[K];
        double recall = 0;
        for (int q = 0; q < queries.Count; q++)
        {
            searcher.Search(queries.Row(q), new SearchOptions { Breadth = 100 }, hits);
            int[] truth = [.. BruteForceOracle.Search(rows, queries.Row(q), OracleMetric.Cosine, K).Select(t => t.Row)];
            recall += Recall.TieAware(
                rows, queries.Row(q), OracleMetric.Cosine, [.. hits.Select(h => (int)merged.SourceRow(h.Ordinal))], truth, K, slack: 1e-4);
        }
        Assert.True(recall / queries.Count > 0.95, $"Recall {recall / queries.Count:F3} after merging bytes with floats.");
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(128f)]
    [InlineData(-129f)]
    public void WhatIsNoByteIsRefusedWithRowAndValue(float value)
    {
        (FloatMatrix rows, _) = Draw();
        rows.Row(17)[3] = value;
        ArgumentException refused = Assert.Throws<ArgumentException>(
            () => Unwrap(() => VectorSegment.Build(new FloatRowSource(rows.Values, Dimension), Options(Metric.L2) with { Threads = 1 })));
        Assert.Contains("Row 17", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Value 3", refused.Message, StringComparison.Ordinal);
        using var live = new LiveSegment(new LiveOptions { Dimension = Dimension, Graph = Options(Metric.L2) });
        Assert.Throws<ArgumentException>(() => live.Append(rows.Row(17), 0));
        Assert.Throws<ArgumentException>(() => (Options(Metric.L2) with { Truth = ElementType.Sign }).Validate(Dimension));
    }

    private static void Unwrap(Action build)
    {
        try
        {
            build();
        }
        catch (AggregateException all)
        {
            throw all.Flatten().InnerExceptions[0];
        }
    }

    private static void Check(
        VectorSegment segment, FloatMatrix rows, FloatMatrix queries, Metric metric, string after, Func<int, bool> accept, Func<uint, int> numberOf)
    {
        Assert.Equal(ElementType.Int8, segment.Parts.TruthElement);
        Assert.True(segment.Parts.Calibration.IsDirect, $"{after}: bytes have other codes than themselves.");
        using VectorSearcher searcher = segment.CreateSearcher();
        using ExactSearcher exact = segment.CreateExactSearcher();
        var hits = new Candidate[K];
        double recall = 0;
        for (int q = 0; q < queries.Count; q++)
        {
            exact.Search(queries.Row(q), new SearchOptions(), hits);
            (int Row, double Score)[] truth = BruteForceOracle.Search(rows, queries.Row(q), Oracle(metric), K, accept);
            for (int i = 0; i < K; i++)
            {
                AssertScore(metric, truth[i].Score, hits[i].Score, $"{metric}, {after}, query {q}, exact hit {i}");
            }
            searcher.Search(queries.Row(q), new SearchOptions { Breadth = 120 }, hits);
            foreach (Candidate hit in hits)
            {
                int number = numberOf(segment.SourceRow(hit.Ordinal));
                AssertScore(
                    metric, BruteForceOracle.Score(Oracle(metric), queries.Row(q), rows.Row(number)), hit.Score, $"{metric}, {after}, query {q}, row {number}");
            }
            recall += hits.Count(h => h.Score >= truth[^1].Score - 1e-6) / (double)K;
        }
        double floor = metric == Metric.Dot ? 0.9 : 0.95;
        Assert.True(recall / queries.Count > floor, $"{metric}, {after}: recall {recall / queries.Count:F3}.");
        var row = new float[Dimension];
        segment.CopyRow(5, row);
        Assert.True(row.AsSpan().SequenceEqual(rows.Row(numberOf(segment.SourceRow(5)))), $"{after}: a row does not come back as it was given.");
        if (metric == Metric.Cosine)
        {
            CheckPrefix(segment, rows, queries, numberOf, after);
        }
    }

    private static void CheckPrefix(VectorSegment segment, FloatMatrix rows, FloatMatrix queries, Func<uint, int> numberOf, string after)
    {
        FloatMatrix truncated = rows.Prefix(64), asked = queries.Prefix(64);
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[K];
        double recall = 0;
        for (int q = 0; q < queries.Count; q++)
        {
            searcher.Search(queries.Row(q), new SearchOptions { Breadth = 300, WalkDimension = 64, RescoreDimension = 64 }, hits);
            var numbers = Enumerable.Range(0, segment.Count).Select(o => numberOf(segment.SourceRow((uint)o))).ToHashSet();
            double last = BruteForceOracle.Search(truncated, asked.Row(q), OracleMetric.Cosine, K, numbers.Contains)[^1].Score;
            foreach (Candidate hit in hits)
            {
                double truth = BruteForceOracle.Score(OracleMetric.Cosine, asked.Row(q), truncated.Row(numberOf(segment.SourceRow(hit.Ordinal))));
                AssertScore(Metric.Cosine, truth, hit.Score, $"prefix of bytes, {after}");
                recall += truth >= last - 1e-6 ? 1.0 / K : 0;
            }
        }
        Assert.True(recall / queries.Count > 0.9, $"Prefix of bytes, {after}: recall {recall / queries.Count:F3}.");
    }

    private static void CheckLive(LiveSegment live, FloatMatrix rows, FloatMatrix queries, Metric metric, Func<int, bool> accept)
    {
        using LiveSearcher searcher = live.CreateSearcher();
        var hits = new Candidate[K];
        double recall = 0;
        for (int q = 0; q < queries.Count; q++)
        {
            searcher.Search(queries.Row(q), new SearchOptions { Breadth = 120 }, hits);
            double last = BruteForceOracle.Search(rows, queries.Row(q), Oracle(metric), K, accept)[^1].Score;
            foreach (Candidate hit in hits)
            {
                double truth = BruteForceOracle.Score(Oracle(metric), queries.Row(q), rows.Row((int)live.SourceRow(hit.Ordinal)));
                AssertScore(metric, truth, hit.Score, $"{metric}, live, query {q}");
            }
            recall += hits.Count(h => h.Score >= last - 1e-6) / (double)K;
        }
        Assert.True(recall / queries.Count > 0.9, $"{metric}, live: recall {recall / queries.Count:F3}.");
        var row = new float[Dimension];
        live.CopyRow(9, row);
        Assert.True(row.AsSpan().SequenceEqual(rows.Row((int)live.SourceRow(9))), "A live row does not come back as it was given.");
    }

    private static void AssertScore(Metric metric, double truth, float score, string what) => Assert.True(
        metric == Metric.Cosine ? Math.Abs(truth - score) < CosineTolerance : score == truth, $"{what}: score {score}, exact {truth}.");

    private static OracleMetric Oracle(Metric metric) => metric switch
    {
        Metric.Cosine => OracleMetric.Cosine,
        Metric.Dot => OracleMetric.InnerProduct,
        _ => OracleMetric.Euclidean,
    };

    // Embeddings scaled to bytes, as models with quantised output give them.
    private static (FloatMatrix Rows, FloatMatrix Queries) Draw(int least = -128)
    {
        var generator = new EmbeddingGenerator(new EmbeddingRecipe
        {
            Name = "bytes",
            Count = Count,
            Dim = Dimension,
            Latent = 30,
            Topics = 60,
            QueryCount = 40,
        });
        FloatMatrix rows = generator.Documents(), queries = generator.Queries();
        foreach ((FloatMatrix matrix, int lowest) in new[] { (rows, least), (queries, -127) })
        {
            foreach (ref float x in matrix.Values.AsSpan())
            {
                x = Math.Clamp(MathF.Round(x * 400), lowest, 127);
            }
        }
        return (rows, queries);
    }

    private static LiveSegment Fill(FloatMatrix rows, int from, int to, Metric metric)
    {
        var live = new LiveSegment(new LiveOptions { Dimension = Dimension, Capacity = Count, CalibrationRows = 512, Graph = Options(metric) });
        for (int i = from; i < to; i++)
        {
            live.Append(rows.Row(i), (uint)i);
        }
        live.LinkPending(int.MaxValue);
        return live;
    }
}
