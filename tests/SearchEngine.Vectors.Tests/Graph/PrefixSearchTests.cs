using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Graph;

/// <summary>Rows whose leading coordinates carry most, as Matryoshka models make them: a walk on a prefix finds what full
/// rescoring ranks, and a prefix rescored by itself is the cosine of prefixes.</summary>
public sealed class PrefixSearchTests
{
    private const int Count = 6_000;
    private const int Dimension = 256;
    private const int K = 10;

    private static readonly Lazy<(VectorSegment Segment, FloatMatrix Rows, FloatMatrix Queries)> Built = new(Build);

    [Theory]
    [InlineData(64, 256)]
    [InlineData(64, 128)]
    [InlineData(64, 64)]
    [InlineData(128, 128)]
    [InlineData(256, 128)]
    public void APrefixIsWalkedAndALongerOneRescored(int walk, int rescore)
    {
        var (segment, rows, queries) = Built.Value;
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[K];
        var options = new SearchOptions { Breadth = 200, WalkDimension = walk, RescoreDimension = rescore, Rescore = 100 };
        if (rescore < walk)
        {
            Assert.Throws<ArgumentException>(() => searcher.Search(queries.Row(0), options, hits));
            return;
        }
        FloatMatrix prefixes = rows.Prefix(rescore), asked = queries.Prefix(rescore);
        double recall = 0;
        for (int q = 0; q < queries.Count; q++)
        {
            int count = searcher.Search(queries.Row(q), options, hits);
            int[] found = [.. hits[..count].Select(h => (int)segment.SourceRow(h.Ordinal))];
            int[] truth = [.. BruteForceOracle.Search(prefixes, asked.Row(q), OracleMetric.Cosine, K, null).Select(t => t.Row)];
            recall += Recall.TieAware(prefixes, asked.Row(q), OracleMetric.Cosine, found, truth, K, slack: 3e-5);
            double exact = BruteForceOracle.Score(OracleMetric.Cosine, asked.Row(q), prefixes.Row(found[0]));
            Assert.True(Math.Abs(exact - hits[0].Score) < 2e-3, $"walk {walk}, rescore {rescore}: score {hits[0].Score}, cosine of the prefixes {exact}");
        }
        double floor = walk == rescore ? 0.93 : 0.85;
        Assert.True(recall / queries.Count >= floor, $"walk {walk}, rescore {rescore}: recall {recall / queries.Count:F3}, floor {floor}");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(32)]
    [InlineData(0)]
    [InlineData(512)]
    public void AnUndeclaredPrefixIsRefused(int prefix)
    {
        var (segment, _, queries) = Built.Value;
        using VectorSearcher searcher = segment.CreateSearcher();
        Assert.Throws<ArgumentException>(() => searcher.Search(queries.Row(0), new SearchOptions { WalkDimension = prefix }, new Candidate[K]));
        Assert.Throws<ArgumentException>(() => searcher.Search(queries.Row(0), new SearchOptions { RescoreDimension = prefix }, new Candidate[K]));
    }

    private static (VectorSegment Segment, FloatMatrix Rows, FloatMatrix Queries) Build()
    {
        var generator = new EmbeddingGenerator(new EmbeddingRecipe
        {
            Name = "prefixes",
            Count = Count,
            Dim = Dimension,
            Latent = 40,
            Topics = 100,
            QueryCount = 50,
        });
        FloatMatrix rows = generator.Documents(), queries = generator.Queries();
        foreach (FloatMatrix matrix in new[] { rows, queries })
        {
            for (int i = 0; i < matrix.Count; i++)
            {
                Span<float> row = matrix.Row(i);
                for (int j = 0; j < Dimension; j++)
                {
                    row[j] *= j < 64 ? 1f : j < 128 ? 0.4f : 0.2f;
                }
            }
        }
        return (VectorSegment.Build(new FloatRowSource(rows.Values, Dimension), new SegmentOptions { PrefixDimensions = [64, 128] }), rows, queries);
    }
}
