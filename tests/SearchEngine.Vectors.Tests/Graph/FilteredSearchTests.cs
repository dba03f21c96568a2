using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Graph;

/// <summary>
/// A filtered search returns min(k, matches) accepted rows at every selectivity, whether the filter is independent of
/// the query, around it or away from it, and misses little.
/// </summary>
public sealed class FilteredSearchTests
{
    private const int Count = 20_000;
    private const int Dimension = 96;
    private const int K = 10;

    private static readonly Lazy<(VectorSegment Segment, FloatMatrix Rows, FloatMatrix Queries)> Built = new(Build);

    public static TheoryData<double, Correlation> Cases()
    {
        var cases = new TheoryData<double, Correlation>();
        foreach (double selectivity in new[] { 1, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.01, 0.001, 0.0003 })
        {
            foreach (Correlation correlation in Enum.GetValues<Correlation>())
            {
                cases.Add(selectivity, correlation);
            }
        }
        return cases;
    }

    public enum Correlation
    {
        Independent,
        Near,
        Far,
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MatchesAreReturnedAndFewAreMissed(double selectivity, Correlation correlation)
    {
        var (segment, rows, queries) = Built.Value;
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[K];
        double recall = 0;
        const int Queries = 40;
        for (int q = 0; q < Queries; q++)
        {
            bool[] accepted = Filter(rows, queries.Row(q), selectivity, correlation, (ulong)q);
            int matches = accepted.Count(a => a);
            int count = searcher.Search(queries.Row(q), new SearchOptions { Breadth = 100 }, AcceptSet.From(Words(segment, accepted), Count), hits);
            Assert.True(
                count == Math.Min(K, matches), $"{selectivity} {correlation}, query {q}: {count} hits of {matches} matches by {searcher.Counts.Strategy}");
            int[] found = [.. hits[..count].Select(h => (int)segment.SourceRow(h.Ordinal))];
            Assert.All(found, f => Assert.True(accepted[f], $"row {f} was returned although the filter refuses it"));
            int[] truth = [.. BruteForceOracle.Search(rows, queries.Row(q), OracleMetric.Cosine, K, r => accepted[r]).Select(t => t.Row)];
            recall += Recall.TieAware(rows, queries.Row(q), OracleMetric.Cosine, found, truth, K, slack: 3e-5);
        }
        Assert.True(recall / Queries >= 0.95, $"{selectivity} {correlation}: recall {recall / Queries:F3}; the two-hop walk lost its way");
    }

    [Fact]
    public void AnEmptyFilterReturnsNothing()
    {
        var (segment, _, queries) = Built.Value;
        using VectorSearcher searcher = segment.CreateSearcher();
        Assert.Equal(0, searcher.Search(queries.Row(0), new SearchOptions(), AcceptSet.From(new ulong[(Count + 63) / 64], Count), new Candidate[K]));
    }

    [Fact]
    public void BitsBehindTheLastRowAreRefused()
    {
        var words = new ulong[2];
        words[1] = 1ul << 40;
        Assert.Throws<ArgumentException>(() => AcceptSet.From(words, 100).Count);
    }

    private static (VectorSegment Segment, FloatMatrix Rows, FloatMatrix Queries) Build()
    {
        var generator = new EmbeddingGenerator(new EmbeddingRecipe
        {
            Name = "filters",
            Count = Count,
            Dim = Dimension,
            Latent = 24,
            Topics = 200,
            QueryCount = 40,
        });
        FloatMatrix rows = generator.Documents();
        return (VectorSegment.Build(new FloatRowSource(rows.Values, Dimension), new SegmentOptions()), rows, generator.Queries());
    }

    private static bool[] Filter(FloatMatrix rows, ReadOnlySpan<float> query, double selectivity, Correlation correlation, ulong seed)
    {
        var accepted = new bool[Count];
        if (correlation == Correlation.Independent)
        {
            for (int i = 0; i < Count; i++)
            {
                accepted[i] = new CounterRandom(seed, 77, (ulong)i).Uniform() < selectivity;
            }
            return accepted;
        }
        var scores = new (double Score, int Row)[Count];
        for (int i = 0; i < Count; i++)
        {
            double score = BruteForceOracle.Score(OracleMetric.Cosine, query, rows.Row(i));
            scores[i] = (correlation == Correlation.Near ? -score : score, i);
        }
        Array.Sort(scores);
        foreach (var (_, row) in scores.Take((int)Math.Ceiling(selectivity * Count)))
        {
            accepted[row] = true;
        }
        return accepted;
    }

    private static ulong[] Words(VectorSegment segment, bool[] accepted)
    {
        var words = new ulong[(Count + 63) / 64];
        for (uint ordinal = 0; ordinal < Count; ordinal++)
        {
            if (accepted[segment.SourceRow(ordinal)])
            {
                words[ordinal / 64] |= 1ul << (int)(ordinal % 64);
            }
        }
        return words;
    }
}
