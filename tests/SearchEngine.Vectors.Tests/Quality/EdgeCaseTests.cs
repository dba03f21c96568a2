using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>
/// Sets at the edges: few rows, equal rows, zero rows, one dimension, thousands of them, values half precision cannot
/// hold.
/// </summary>
public sealed class EdgeCaseTests
{
    public static TheoryData<Metric> Metrics => [.. Enum.GetValues<Metric>()];

    [Theory]
    [MemberData(nameof(Metrics))]
    public void FewRowsAreAllFoundInTheRightOrder(Metric metric)
    {
        foreach (int count in (int[])[0, 1, 2, 9, 10, 11, 16, 17, 33, 128, 129, 300])
        {
            FloatMatrix rows = Draw(Math.Max(1, count), 24);
            using VectorSegment segment = VectorSegment.Build(
                new FloatRowSource(rows.Values.AsMemory(0, count * 24), 24), new SegmentOptions { Metric = metric });
            float[] query = Draw(400, 24).Row(399).ToArray();
            foreach (int k in (int[])[1, 10, count, count + 5])
            {
                int[] found = Search(segment, query, k, breadth: count + 5);
                Assert.Equal(Math.Min(k, count), found.Length);
                if (count > 0 && k > 0)
                {
                    int[] truth = [.. BruteForceOracle.Search(rows, query, Oracle(metric), k).Select(c => c.Row)];
                    double recall = Recall.TieAware(rows, query, Oracle(metric), found, truth, k, slack: 1e-4);
                    Assert.True(recall == 1, $"{metric}: {found.Length} hits of {count} rows for k = {k} have recall {recall:F3}.");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void EqualRowsAreReturnedOnceEach(Metric metric)
    {
        const int Count = 1000;
        float[] values = [.. Enumerable.Range(0, Count).SelectMany(_ => (float[])[1f, 2f, 3f, 4f])];
        using VectorSegment segment = VectorSegment.Build(new FloatRowSource(values, 4), new SegmentOptions { Metric = metric });
        int[] found = Search(segment, [1, 2, 3, 4], 50, 100);
        Assert.Equal(50, found.Distinct().Count());
        Assert.Equal(Count, Search(segment, [1, 2, 3, 4], Count + 1, 100).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void ZeroRowsDoNotHideTheOthers(Metric metric)
    {
        FloatMatrix rows = Draw(2000, 32);
        for (int i = 0; i < rows.Count; i += 4)
        {
            rows.Row(i).Clear();
        }

        using VectorSegment segment = VectorSegment.Build(new FloatRowSource(rows.Values, 32), new SegmentOptions { Metric = metric });
        AssertRecall(segment, rows, Oracle(metric), 0.97, "a quarter of the rows is zero");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(255)]
    [InlineData(1000)]
    [InlineData(1536)]
    [InlineData(3072)]
    [InlineData(8192)]
    public void EveryDimensionWorksOnEveryMetric(int dim)
    {
        FloatMatrix rows = Draw(600, dim);
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            // One dimension has two directions only: all rows tie for cosine.
            using VectorSegment segment = VectorSegment.Build(new FloatRowSource(rows.Values, dim), new SegmentOptions { Metric = metric });
            AssertRecall(segment, rows, Oracle(metric), 0.95, $"dimension {dim}");
        }
    }

    [Theory]
    [InlineData(1e6f)]
    [InlineData(1e-6f)]
    public void ValuesThatHalfPrecisionCannotHoldAreKept(float scale)
    {
        FloatMatrix rows = Draw(2000, 48);
        for (int i = 0; i < rows.Values.Length; i++)
        {
            rows.Values[i] *= scale;
        }

        using VectorSegment segment = VectorSegment.Build(new FloatRowSource(rows.Values, 48), new SegmentOptions { Metric = Metric.L2 });
        AssertRecall(segment, rows, OracleMetric.Euclidean, 0.97, $"values of size {scale}", slack: 0);
    }

    [Fact]
    public void SortedInputIsAsGoodAsShuffled()
    {
        FloatMatrix rows = Draw(5000, 64);
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderBy(i => rows.Row(i)[0])];
        var sorted = new FloatMatrix(rows.Count, rows.Dim);
        for (int i = 0; i < order.Length; i++)
        {
            rows.Row(order[i]).CopyTo(sorted.Row(i));
        }

        using VectorSegment segment = VectorSegment.Build(new FloatRowSource(sorted.Values, 64), new SegmentOptions());
        AssertRecall(segment, sorted, OracleMetric.Cosine, 0.98, "rows sorted by their first coordinate");
    }

    [Fact]
    public void QueriesThatCannotBeRankedAreRefused()
    {
        FloatMatrix rows = Draw(500, 8);
        using VectorSegment segment = VectorSegment.Build(new FloatRowSource(rows.Values, 8), new SegmentOptions());
        Assert.Throws<ArgumentException>(() => Search(segment, new float[7], 1, 10));
        Assert.Throws<ArgumentException>(() => Search(segment, [1, 2, 3, 4, 5, 6, 7, float.NaN], 1, 10));
        Assert.Throws<ArgumentException>(() => Search(segment, [1, 2, 3, 4, 5, 6, 7, float.PositiveInfinity], 1, 10));
    }

    private static void AssertRecall(
        VectorSegment segment, FloatMatrix rows, OracleMetric metric, double floor, string what, double slack = 2e-4)
    {
        const int Queries = 40, K = 10;
        double sum = 0;
        for (int q = 0; q < Queries; q++)
        {
            // A row moved a little: near some rows, equal to none.
            float[] query = rows.Row((q * 37 + 1) % rows.Count).ToArray();
            ReadOnlySpan<float> other = rows.Row((q * 53 + 2) % rows.Count);
            for (int j = 0; j < query.Length; j++)
            {
                query[j] = (0.8f * query[j]) + (0.2f * other[j]);
            }

            int[] truth = [.. BruteForceOracle.Search(rows, query, metric, K).Select(c => c.Row)];
            sum += Recall.TieAware(rows, query, metric, Search(segment, query, K, 100), truth, K, slack);
        }

        Assert.True(sum / Queries >= floor, $"Recall with {what} ({metric}) is {sum / Queries:F4}, its floor {floor}.");
    }

    private static FloatMatrix Draw(int count, int dim) => new EmbeddingGenerator(new EmbeddingRecipe
    {
        Name = "edge",
        Count = count,
        Dim = dim,
        Latent = Math.Min(dim, 24),
        Topics = 12,
        Seed = 5,
        LengthDeviation = 0.05,
    }).Documents();

    private static int[] Search(VectorSegment segment, float[] query, int k, int breadth)
    {
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[k];
        int count = searcher.Search(query, new SearchOptions { Breadth = breadth }, hits);
        return [.. hits[..count].Select(h => (int)segment.SourceRow(h.Ordinal))];
    }

    private static OracleMetric Oracle(Metric metric) => metric switch
    {
        Metric.Cosine => OracleMetric.Cosine,
        Metric.Dot => OracleMetric.InnerProduct,
        _ => OracleMetric.Euclidean,
    };
}
