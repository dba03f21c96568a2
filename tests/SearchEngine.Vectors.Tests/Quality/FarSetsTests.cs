using SearchEngine.Testing;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Live;
using SearchEngine.Vectors.Merge;
using SearchEngine.Vectors.Quantization;
using Xunit;

namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>
/// Rows in two sets that lie far from each other: one scale for both is too coarse for the neighbourhoods inside either.
/// Calibration notices, says so, and walks read the rows instead: recall is that of other rows.
/// </summary>
public sealed class FarSetsTests
{
    private const int Count = 4_500;
    private const int Dimension = 96;
    private const int K = 10;
    private const double Floor = 0.96;

    private static SegmentOptions Options(Metric metric) => new() { Metric = metric, BuildBreadth = 100, Threads = 2 };

    [Theory]
    [InlineData(Metric.L2, 100f)]
    [InlineData(Metric.L2, 2_000f)]
    [InlineData(Metric.Cosine, 100f)]
    public void FarSetsAreSearchedAsWellAsOthers(Metric metric, float distance)
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw(distance);
        using VectorSegment segment = VectorSegment.Build(new FloatRowSource(rows.Values, Dimension), Options(metric));
        AssertNoticed(segment, $"{metric}, distance {distance}");
        AssertRecall(segment, rows, queries, metric, $"{metric}, distance {distance}");
        GraphValidator.AssertValid(new SegmentGraph(segment.Parts), "far sets");
        using var directory = new TempDirectory();
        string path = directory.File("segment");
        SegmentFiles.Write(path, segment.Parts);
        foreach (Residency residency in Enum.GetValues<Residency>())
        {
            using var opened = new VectorSegment(SegmentFiles.Open(path, new SegmentOpenOptions { Residency = residency }));
            AssertRecall(opened, rows, queries, metric, $"{metric}, distance {distance}, opened {residency}");
        }
    }

    [Fact]
    public void AMergeOfSegmentsFarFromEachOtherNotices()
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw(500f);
        List<VectorSegment> parts = [.. new[] { 0, 1 }.Select(side => VectorSegment.Build(Side(rows, side), Options(Metric.L2)))];
        Assert.All(parts, p => Assert.False(p.Parts.Calibration.Report.WalksTruth, "One set alone is resolved by its codes."));
        using VectorSegment merged = SegmentMerger.Merge(
            [.. parts.Select((p, side) => new MergeInput { Segment = p, Sources = Enumerable.Range(0, p.Count).Select(o => (2 * p.SourceRow((uint)o)) + (uint)side).ToArray() })],
            Options(Metric.L2), out _);
        AssertNoticed(merged, "merging far segments");
        AssertRecall(merged, rows, queries, Metric.L2, "merging far segments");
        using VectorSegment again = SegmentMerger.Merge([new MergeInput { Segment = merged }], Options(Metric.L2), out MergeReport report);
        Assert.True(report.Kept > 0, $"{report}: the graph was thrown away.");
        AssertRecall(again, rows, queries, Metric.L2, "merging once more");
        parts.ForEach(p => p.Dispose());
    }

    [Fact]
    public void ALiveSegmentSearchesFarSets()
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw(500f);
        using var live = new LiveSegment(new LiveOptions { Dimension = Dimension, Capacity = Count, CalibrationRows = 1_000, Graph = Options(Metric.L2) });
        for (int i = 0; i < rows.Count; i++)
        {
            live.Append(rows.Row(i), (uint)i);
        }
        live.LinkPending(int.MaxValue, TestContext.Current.CancellationToken);
        using LiveSearcher searcher = live.CreateSearcher();
        var hits = new Candidate[K];
        double recall = 0;
        for (int q = 0; q < queries.Count; q++)
        {
            int count = searcher.Search(queries.Row(q), new SearchOptions { Breadth = 100 }, hits);
            recall += Found(rows, queries.Row(q), Metric.L2, hits[..count], live.SourceRow);
        }
        Assert.True(recall / queries.Count > Floor, $"Recall {recall / queries.Count:F3} in a live segment with far sets.");
        live.Seal(TestContext.Current.CancellationToken);
        using VectorSegment frozen = SegmentMerger.Freeze(live, out _, TestContext.Current.CancellationToken);
        AssertRecall(frozen, rows, queries, Metric.L2, "freezing far sets");
    }

    [Fact]
    public void FiltersWorkOnFarSets()
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw(500f);
        using VectorSegment segment = VectorSegment.Build(new FloatRowSource(rows.Values, Dimension), Options(Metric.L2));
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[K];
        foreach (int share in new[] { 2, 10 })
        {
            var words = new ulong[(Count + 63) / 64];
            for (uint o = 0; o < Count; o++)
            {
                words[o / 64] |= segment.SourceRow(o) % share == 0 ? 1ul << (int)(o % 64) : 0;
            }
            foreach (SearchStrategy? strategy in new SearchStrategy?[] { null, SearchStrategy.Scan, SearchStrategy.FilteredWalk })
            {
                double recall = 0;
                for (int q = 0; q < queries.Count; q++)
                {
                    int count = searcher.Search(
                        queries.Row(q), new SearchOptions { Breadth = 100, Strategy = strategy }, AcceptSet.From(words, Count), hits);
                    recall += Found(rows, queries.Row(q), Metric.L2, hits[..count], segment.SourceRow, r => r % share == 0);
                }
                Assert.True(recall / queries.Count > 0.9, $"One of {share} accepted, {strategy}: recall {recall / queries.Count:F3}.");
            }
        }
    }

    [Fact]
    public void UsualRowsAreWalkedByTheirCodes()
    {
        (FloatMatrix rows, _) = Draw(0f);
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            using VectorSegment segment = VectorSegment.Build(new FloatRowSource(rows.Values, Dimension), Options(metric));
            CalibrationReport report = segment.Parts.Calibration.Report;
            Assert.True(!report.WalksTruth && report.CodeRecall > 0.97f, $"{metric}: code recall {report.CodeRecall} of rows around one centre.");
            Assert.Equal(ElementType.Float16, segment.Parts.TruthElement);
        }
    }

    private static void AssertNoticed(VectorSegment segment, string what)
    {
        CalibrationReport report = segment.Parts.Calibration.Report;
        Assert.True(report.WalksTruth, $"{what}: code recall {report.CodeRecall}, and nobody noticed.");
        Assert.True(report.CodeRecall < 0.9f, $"{what}: code recall {report.CodeRecall}.");
        Assert.Null(segment.Parts.Signs);
    }

    private static void AssertRecall(VectorSegment segment, FloatMatrix rows, FloatMatrix queries, Metric metric, string what)
    {
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[K];
        double recall = 0, asked = 0;
        for (int q = 0; q < queries.Count; q++)
        {
            int count = searcher.Search(queries.Row(q), new SearchOptions { Breadth = 100 }, hits);
            recall += Found(rows, queries.Row(q), metric, hits[..count], segment.SourceRow);
            count = searcher.Search(queries.Row(q), new SearchOptions { TargetRecall = 0.95f }, hits);
            asked += Found(rows, queries.Row(q), metric, hits[..count], segment.SourceRow);
        }
        Assert.True(recall / queries.Count > Floor, $"{what}: recall {recall / queries.Count:F3}.");
        Assert.True(asked / queries.Count > 0.9, $"{what}: recall {asked / queries.Count:F3} where 0.95 was asked for.");
    }

    private static double Found(
        FloatMatrix rows, ReadOnlySpan<float> query, Metric metric, Candidate[] hits, Func<uint, uint> sourceOf, Func<int, bool>? accept = null)
    {
        OracleMetric oracle = metric == Metric.Cosine ? OracleMetric.Cosine : OracleMetric.Euclidean;
        int[] truth = [.. BruteForceOracle.Search(rows, query, oracle, K, accept).Select(t => t.Row)];
        return hits.Count(h => truth.Contains((int)sourceOf(h.Ordinal))) / (double)K;
    }

    // Even rows and queries stay, odd ones move away.
    private static (FloatMatrix Rows, FloatMatrix Queries) Draw(float distance)
    {
        var generator = new EmbeddingGenerator(new EmbeddingRecipe
        {
            Name = "far sets",
            Count = Count,
            Dim = Dimension,
            Latent = 30,
            Topics = 60,
            QueryCount = 60,
            LengthDeviation = 0.2,
        });
        FloatMatrix rows = generator.Documents(), queries = generator.Queries();
        foreach (FloatMatrix matrix in new[] { rows, queries })
        {
            for (int i = 1; i < matrix.Count; i += 2)
            {
                foreach (ref float x in matrix.Row(i))
                {
                    x += distance / MathF.Sqrt(Dimension);
                }
            }
        }
        return (rows, queries);
    }

    private static FloatRowSource Side(FloatMatrix rows, int side)
    {
        var values = new float[rows.Count / 2 * Dimension];
        for (int i = 0; i < rows.Count / 2; i++)
        {
            rows.Row((2 * i) + side).CopyTo(values.AsSpan(i * Dimension));
        }
        return new FloatRowSource(values, Dimension);
    }
}
