using SearchEngine.Testing;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Live;
using SearchEngine.Vectors.Merge;
using Xunit;

namespace SearchEngine.Vectors.Tests.Graph;

/// <summary>
/// The score of a truncated search is the cosine of the truncated, renormalised vectors, wherever the segment comes from;
/// the walk on a prefix ranks by it too.
/// </summary>
public sealed class PrefixNormTests
{
    private const int Count = 5_000;
    private const int Dimension = 160;
    private const int K = 10;
    private const double ScoreTolerance = 1e-3;

    private static readonly int[] Prefixes = [32, 96];
    private static readonly SegmentOptions Options = new() { PrefixDimensions = Prefixes, BuildBreadth = 80, Threads = 2 };

    [Fact]
    public void TruncatedScoresAreCosinesOfTruncatedVectors()
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw();
        using VectorSegment built = Build(rows, 0, Count);
        CheckScores(built, rows, queries, "building");
        using var directory = new TempDirectory();
        string path = directory.File("segment");
        SegmentFiles.Write(path, built.Parts);
        using var opened = new VectorSegment(SegmentFiles.Open(path, new SegmentOpenOptions()));
        CheckScores(opened, rows, queries, "opening");
        using VectorSegment first = Build(rows, 0, 3_000), second = Build(rows, 3_000, Count);
        using VectorSegment merged = SegmentMerger.Merge(
            [
                new MergeInput { Segment = first },
                new MergeInput { Segment = second, Sources = Sources(second, 3_000) },
            ],
            Options, out _);
        CheckScores(merged, rows, queries, "merging");
        using LiveSegment live = Fill(rows);
        using VectorSegment frozen = SegmentMerger.Freeze(live, out _);
        CheckScores(frozen, rows, queries, "freezing");
    }

    [Fact]
    public void LiveTruncatedScoresAreCosinesOfTruncatedVectors()
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw();
        using LiveSegment live = Fill(rows);
        using LiveSearcher searcher = live.CreateSearcher();
        foreach (int prefix in Prefixes)
        {
            FloatMatrix truncated = rows.Prefix(prefix), asked = queries.Prefix(prefix);
            var hits = new Candidate[K];
            for (int q = 0; q < queries.Count; q++)
            {
                searcher.Search(queries.Row(q), new SearchOptions { WalkDimension = prefix, RescoreDimension = prefix }, hits);
                CheckHits(hits, live.SourceRow, truncated, asked.Row(q), $"prefix {prefix} of a live segment");
            }
        }
    }

    // Rows whose prefixes differ widely in length: by the bare product the long ones would crowd out the close ones.
    [Fact]
    public void AWalkOnAPrefixRanksByItsCosine()
    {
        (FloatMatrix rows, FloatMatrix queries) = Draw();
        using VectorSegment segment = Build(rows, 0, Count);
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[K];
        foreach (int prefix in Prefixes)
        {
            FloatMatrix truncated = rows.Prefix(prefix), asked = queries.Prefix(prefix);
            double recall = 0;
            for (int q = 0; q < queries.Count; q++)
            {
                var options = new SearchOptions { Breadth = 400, WalkDimension = prefix, RescoreDimension = prefix };
                int count = searcher.Search(queries.Row(q), options, hits);
                int[] found = [.. hits[..count].Select(h => (int)segment.SourceRow(h.Ordinal))];
                int[] truth = [.. BruteForceOracle.Search(truncated, asked.Row(q), OracleMetric.Cosine, K).Select(t => t.Row)];
                recall += Recall.TieAware(truncated, asked.Row(q), OracleMetric.Cosine, found, truth, K, slack: 1e-4);
            }
            Assert.True(
                recall / queries.Count > 0.9,
                $"Prefix {prefix}: recall {recall / queries.Count:F3} with 20 rows rescored; the walk ranks by something else than the cosine of the prefix.");
        }
    }

    private static void CheckScores(VectorSegment segment, FloatMatrix rows, FloatMatrix queries, string after)
    {
        using VectorSearcher searcher = segment.CreateSearcher();
        using ExactSearcher exact = segment.CreateExactSearcher();
        var hits = new Candidate[K];
        foreach (int prefix in Prefixes)
        {
            FloatMatrix truncated = rows.Prefix(prefix), asked = queries.Prefix(prefix);
            for (int q = 0; q < queries.Count; q++)
            {
                searcher.Search(queries.Row(q), new SearchOptions { WalkDimension = prefix, RescoreDimension = prefix, Breadth = 300 }, hits);
                CheckHits(hits, segment.SourceRow, truncated, asked.Row(q), $"prefix {prefix} after {after}");
                exact.Search(queries.Row(q), new SearchOptions { RescoreDimension = prefix }, hits);
                CheckHits(hits, segment.SourceRow, truncated, asked.Row(q), $"exact search, prefix {prefix} after {after}");
                double best = BruteForceOracle.Search(truncated, asked.Row(q), OracleMetric.Cosine, 1)[0].Score;
                Assert.True(Math.Abs(best - hits[0].Score) < ScoreTolerance, $"Prefix {prefix} after {after}: best {hits[0].Score}, truth {best}.");
            }
        }
    }

    private static void CheckHits(Candidate[] hits, Func<uint, uint> sourceOf, FloatMatrix rows, ReadOnlySpan<float> query, string what)
    {
        foreach (Candidate hit in hits)
        {
            double truth = BruteForceOracle.Score(OracleMetric.Cosine, query, rows.Row((int)sourceOf(hit.Ordinal)));
            Assert.True(Math.Abs(truth - hit.Score) < ScoreTolerance, $"{what}: score {hit.Score}, cosine of the truncated vectors {truth}.");
        }
    }

    private static (FloatMatrix Rows, FloatMatrix Queries) Draw()
    {
        var generator = new EmbeddingGenerator(new EmbeddingRecipe
        {
            Name = "prefix norms",
            Count = Count,
            Dim = Dimension,
            Latent = 24,
            Topics = 40,
            QueryCount = 25,
        });
        FloatMatrix rows = generator.Documents(), queries = generator.Queries();
        for (int i = 0; i < rows.Count; i++)
        {
            var random = new CounterRandom(9, 1, (ulong)i);
            float lead = (float)(0.3 + random.Uniform()), all = (float)(1 + 3 * random.Uniform());
            Span<float> row = rows.Row(i);
            for (int j = 0; j < row.Length; j++)
            {
                row[j] *= all * (j < 96 ? lead : 1f);
            }
        }
        return (rows, queries);
    }

    private static VectorSegment Build(FloatMatrix rows, int from, int to) => VectorSegment.Build(
        new FloatRowSource(rows.Values.AsMemory(from * Dimension, (to - from) * Dimension), Dimension), Options);

    private static uint[] Sources(VectorSegment segment, uint from) =>
        [.. Enumerable.Range(0, segment.Count).Select(i => from + segment.SourceRow((uint)i))];

    private static LiveSegment Fill(FloatMatrix rows)
    {
        var live = new LiveSegment(new LiveOptions { Dimension = Dimension, Capacity = Count, CalibrationRows = 1_000, Graph = Options });
        for (int i = 0; i < rows.Count; i++)
        {
            live.Append(rows.Row(i), (uint)i);
        }
        live.Seal();
        return live;
    }
}
