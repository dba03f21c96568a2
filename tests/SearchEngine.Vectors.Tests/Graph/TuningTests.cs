using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Quantization;
using Xunit;

namespace SearchEngine.Vectors.Tests.Graph;

public sealed class TuningTests
{
    [Fact]
    public void ATargetRecallIsReachedOnQueriesThatTuningNeverSaw()
    {
        var generator = new EmbeddingGenerator(new EmbeddingRecipe
        {
            Name = "tuning",
            Count = 12_000,
            Dim = 384,
            Latent = 60,
            Topics = 300,
            QueryCount = 150,
        });
        FloatMatrix rows = generator.Documents(), queries = generator.Queries();
        using VectorSegment segment = VectorSegment.Build(new FloatRowSource(rows.Values, rows.Dim), new SegmentOptions());
        Assert.NotEmpty(segment.Parts.Calibration.Tuning);
        Assert.Equal(segment.Parts.Calibration.Tuning[0].Tier, segment.Parts.Tier);
        IdMatrix truth = ExactSearch.Run(rows, queries, OracleMetric.Cosine, 10).Ids;
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[10];
        int scoredBefore = 0;
        foreach (float target in new[] { 0.9f, 0.97f })
        {
            double recall = 0;
            int scored = 0;
            for (int q = 0; q < queries.Count; q++)
            {
                int count = searcher.Search(queries.Row(q), new SearchOptions { TargetRecall = target }, hits);
                recall += Recall.ByIdentity([.. hits[..count].Select(h => (int)segment.SourceRow(h.Ordinal))], truth.Row(q), 10);
                scored += searcher.Counts.Scored + searcher.Counts.Estimated;
            }
            Assert.True(recall / queries.Count >= target - 0.03, $"asked for {target}, got {recall / queries.Count:F3}; the made queries are too easy");
            Assert.True(scored > scoredBefore, $"a target of {target} costs no more than a lower one");
            scoredBefore = scored;
        }
    }

    [Fact]
    public void AMarginRisesWithTheRecallAskedFor()
    {
        var curve = new TuningCurve(WalkTier.Code, [new(0.02f, 0.8f, 10), new(0.05f, 0.95f, 20), new(0.1f, 0.99f, 50)]);
        float last = 0;
        for (float recall = 0.8f; recall < 0.99f; recall += 0.01f)
        {
            float margin = curve.MarginFor(recall);
            Assert.True(margin >= last && margin is >= 0.02f and <= 0.1f, $"recall {recall} maps to margin {margin} after {last}");
            last = margin;
        }
        Assert.Equal(0.1f, curve.MarginFor(0.999f));
        Assert.Equal(float.PositiveInfinity, curve.WorkFor(0.999f));
    }
}
