using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Oracles;

public sealed class ExactSearchTests
{
    [Theory]
    [InlineData(OracleMetric.InnerProduct)]
    [InlineData(OracleMetric.Cosine)]
    [InlineData(OracleMetric.Euclidean)]
    public void TheFastTruthEqualsTheSlowOne(OracleMetric metric)
    {
        EmbeddingRecipe recipe = new()
        {
            Name = "small",
            Count = 3001,
            Dim = 37,
            Latent = 9,
            Topics = 30,
            QueryCount = 70,
            LengthDeviation = 0.4,
            DuplicateShare = 0.1,
        };
        var generator = new EmbeddingGenerator(recipe);
        FloatMatrix rows = generator.Documents(), queries = generator.Queries();
        rows.Row(17).Clear();
        var (ids, scores) = ExactSearch.Run(rows, queries, metric, 25);
        for (int q = 0; q < queries.Count; q++)
        {
            (int Row, double Score)[] slow = BruteForceOracle.Search(rows, queries.Row(q), metric, 25);
            Assert.Equal(slow.Select(c => c.Row), ids.Row(q).ToArray());
            Assert.Equal(slow.Select(c => (float)c.Score), scores.Row(q).ToArray());
        }
    }

    [Fact]
    public void FewerRowsThanAskedForAreAllReturned()
    {
        var rows = new FloatMatrix([1, 0, 0, 1, 1, 1], 3, 2);
        var (ids, _) = ExactSearch.Run(rows, new FloatMatrix([1, 0.5f], 1, 2), OracleMetric.InnerProduct, 10);
        Assert.Equal([2, 0, 1], ids.Row(0).ToArray());
    }

    [Fact]
    public void RecallCountsTiesAndCountsARowOnce()
    {
        var rows = new FloatMatrix([1, 1, 1, 0.5f], 4, 1);
        float[] query = [1];
        int[] truth = [0, 1];
        Assert.Equal(0.5, Recall.ByIdentity([2, 1], truth, 2));
        Assert.Equal(1.0, Recall.TieAware(rows, query, OracleMetric.InnerProduct, [2, 1], truth, 2));
        Assert.Equal(0.5, Recall.TieAware(rows, query, OracleMetric.InnerProduct, [2, 2], truth, 2));
        Assert.Equal(0.5, Recall.TieAware(rows, query, OracleMetric.InnerProduct, [2, 3], truth, 2));
    }
}
