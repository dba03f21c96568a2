using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>Many queries at once get what each gets alone, and what the oracle gives.</summary>
public sealed class ExactSearcherTests
{
    private const int Count = 2_003;
    private const int Dimension = 50;
    private const int K = 10;

    [Theory]
    [InlineData(Metric.Cosine, 1)]
    [InlineData(Metric.Cosine, 37)]
    [InlineData(Metric.Dot, 32)]
    [InlineData(Metric.L2, 70)]
    public void EveryQueryOfABatchGetsTheHitsItGetsAlone(Metric metric, int queryCount)
    {
        (VectorSegment segment, FloatMatrix rows, FloatMatrix queries) = Build(metric, queryCount);
        using ExactSearcher exact = segment.CreateExactSearcher();
        using VectorSearcher alone = segment.CreateSearcher();
        var hits = new Candidate[queryCount * K];
        Assert.Equal(K, exact.Search(queries.Values, new SearchOptions(), hits));
        var one = new Candidate[K];
        for (int q = 0; q < queryCount; q++)
        {
            alone.SearchExactly(queries.Row(q), one);
            Assert.True(one.AsSpan().SequenceEqual(hits.AsSpan(q * K, K)), $"{metric}, query {q} of {queryCount}: the batch gives other hits.");
            (int Row, double Score)[] truth = BruteForceOracle.Search(rows, queries.Row(q), Oracle(metric), K);
            Assert.True(Math.Abs(truth[^1].Score - one[^1].Score) < 2e-3, $"{metric}, query {q}: last hit {one[^1].Score}, truth {truth[^1].Score}.");
        }
        segment.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(700)]
    public void OnlyAcceptedRowsAreFound(int accepted)
    {
        (VectorSegment segment, _, FloatMatrix queries) = Build(Metric.Cosine, 5);
        using ExactSearcher exact = segment.CreateExactSearcher();
        var words = new ulong[(Count + 63) / 64];
        for (int i = 0; i < accepted; i++)
        {
            int ordinal = (int)((long)i * Count / accepted);
            words[ordinal / 64] |= 1ul << (ordinal % 64);
        }
        var hits = new Candidate[5 * K];
        int found = exact.Search(queries.Values, new SearchOptions(), AcceptSet.From(words, Count), hits);
        Assert.Equal(Math.Min(K, accepted), found);
        for (int q = 0; q < 5; q++)
        {
            Candidate[] own = hits[(q * K)..(q * K + found)];
            Assert.All(own, h => Assert.True((words[h.Ordinal / 64] >> (int)(h.Ordinal % 64) & 1) != 0, $"Row {h.Ordinal} was not accepted."));
            Assert.Equal(found, own.Select(h => h.Ordinal).Distinct().Count());
        }
        segment.Dispose();
    }

    [Fact]
    public void QueriesAndHitsThatDoNotDivideAreRefused()
    {
        (VectorSegment segment, _, FloatMatrix queries) = Build(Metric.Dot, 3);
        using ExactSearcher exact = segment.CreateExactSearcher();
        Assert.Throws<ArgumentException>(() => exact.Search(queries.Values.AsSpan(1), new SearchOptions(), new Candidate[30]));
        Assert.Throws<ArgumentException>(() => exact.Search(queries.Values, new SearchOptions(), new Candidate[31]));
        Assert.Throws<ArgumentException>(() => exact.Search(queries.Values, new SearchOptions { RescoreDimension = 32 }, new Candidate[30]));
        queries.Values[7] = float.NaN;
        Assert.Throws<ArgumentException>(() => exact.Search(queries.Values, new SearchOptions(), new Candidate[30]));
        segment.Dispose();
    }

    private static OracleMetric Oracle(Metric metric) => metric switch
    {
        Metric.Cosine => OracleMetric.Cosine,
        Metric.Dot => OracleMetric.InnerProduct,
        _ => OracleMetric.Euclidean,
    };

    private static (VectorSegment Segment, FloatMatrix Rows, FloatMatrix Queries) Build(Metric metric, int queryCount)
    {
        var generator = new EmbeddingGenerator(new EmbeddingRecipe
        {
            Name = "exact",
            Count = Count,
            Dim = Dimension,
            Latent = 20,
            Topics = 20,
            QueryCount = queryCount,
            LengthDeviation = metric == Metric.Cosine ? 0 : 0.2,
        });
        FloatMatrix rows = generator.Documents(), queries = generator.Queries();
        return (VectorSegment.Build(new FloatRowSource(rows.Values, Dimension), new SegmentOptions { Metric = metric, BuildBreadth = 32, Threads = 1 }), rows, queries);
    }
}
