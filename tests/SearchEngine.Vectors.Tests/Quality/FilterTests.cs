using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>
/// Filters from every row to a handful, drawn at random, around the query, and away from it: the last two are where a walk
/// finds only accepted rows or none for a long way.
/// </summary>
public sealed class FilterTests
{
    private const int K = 10;
    private const int QueriesPerCase = 15;
    private static readonly double[] Selectivities = [1, 0.7, 0.5, 0.3, 0.1, 0.05, 0.02, 0.01, 0.003, 0.001];

    public enum Correlation
    {
        Random,
        NearTheQuery,
        FarFromTheQuery,
    }

    public static TheoryData<string, Correlation> Cases
    {
        get
        {
            var cases = new TheoryData<string, Correlation>();
            foreach (string name in (string[])["clusters", "short rows", "unequal lengths, L2", "exact duplicates"])
            {
                foreach (Correlation correlation in Enum.GetValues<Correlation>())
                {
                    cases.Add(name, correlation);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EverySelectivityReturnsAllItCanAndOnlyAcceptedRows(string name, Correlation correlation)
    {
        BuiltDistribution built = BuiltDistribution.Of(name);
        using VectorSearcher searcher = built.Segment.CreateSearcher();
        foreach (double selectivity in Selectivities)
        {
            foreach (WalkTier tier in Enum.GetValues<WalkTier>())
            {
                double recall = MeanRecall(built, searcher, correlation, selectivity, tier);
                TestContext.Current.TestOutputHelper?.WriteLine($"{name}, {correlation}, {selectivity}, {tier}: {recall:F4}");
                Assert.True(
                    recall >= Floor(tier, correlation),
                    $"Recall on '{name}' with {selectivity:P1} of the rows accepted ({correlation}, {tier}) is {recall:F4}: suspect "
                    + "the plan if the share is small, the two-hop expansion if it is middling.");
            }
        }
    }

    [Fact]
    public void NoAcceptedRowGivesNoHit()
    {
        BuiltDistribution built = BuiltDistribution.Of("short rows");
        using VectorSearcher searcher = built.Segment.CreateSearcher();
        AcceptSet none = AcceptSet.From(new ulong[(built.Segment.Count + 63) / 64], built.Segment.Count);
        Assert.Equal(0, searcher.Search(built.Queries.Row(0), new SearchOptions(), none, new Candidate[K]));
    }

    [Fact]
    public void AnAcceptSetOfTheWrongSizeIsRefused()
    {
        BuiltDistribution built = BuiltDistribution.Of("short rows");
        int rows = built.Segment.Count;
        Assert.Throws<ArgumentException>(() => { _ = AcceptSet.From(new ulong[((rows + 63) / 64) + 1], rows); });
        Assert.Throws<ArgumentException>(() => { _ = AcceptSet.From([ulong.MaxValue], 63); });
        using VectorSearcher searcher = built.Segment.CreateSearcher();
        Assert.Throws<ArgumentException>(
            () => searcher.Search(built.Queries.Row(0), new SearchOptions(), AcceptSet.From([1], 64), new Candidate[K]));
    }

    private static double Floor(WalkTier tier, Correlation correlation) =>
        (correlation == Correlation.FarFromTheQuery ? 0.85 : 0.93) - (tier == WalkTier.Sign ? 0.05 : 0);

    private static double MeanRecall(
        BuiltDistribution built, VectorSearcher searcher, Correlation correlation, double selectivity, WalkTier tier)
    {
        var hits = new Candidate[K];
        double sum = 0;
        for (int q = 0; q < QueriesPerCase; q++)
        {
            bool[] accepted = Accepted(built, q, correlation, selectivity);
            int matches = accepted.Count(a => a);
            AcceptSet accept = AcceptSet.From(Words(built.Segment, accepted), built.Segment.Count);
            int count = searcher.Search(built.Queries.Row(q), new SearchOptions { Breadth = 80, Tier = tier }, accept, hits);
            Assert.True(
                count == Math.Min(K, matches),
                $"{count} hits though {matches} rows match ({selectivity:P1}, {correlation}, {tier}): the fallback to a scan is broken.");
            int[] found = [.. hits[..count].Select(h => (int)built.Segment.SourceRow(h.Ordinal))];
            Assert.All(found, row => Assert.True(accepted[row], $"Row {row} was returned though the filter rejects it."));
            Assert.Equal(found.Length, found.Distinct().Count());
            int[] truth = Truth(built, q, accepted);
            sum += Recall.TieAware(built.Rows, built.Queries.Row(q), built.Distribution.Oracle, found, truth, K, slack: 3e-5);
        }

        return sum / QueriesPerCase;
    }

    private static bool[] Accepted(BuiltDistribution built, int query, Correlation correlation, double selectivity)
    {
        int rows = built.Rows.Count;
        var accepted = new bool[rows];
        if (correlation == Correlation.Random)
        {
            for (int i = 0; i < rows; i++)
            {
                accepted[i] = new CounterRandom(99, (ulong)query, (ulong)i).Uniform() < selectivity;
            }

            return accepted;
        }

        int count = (int)Math.Ceiling(selectivity * rows);
        int[] order = built.RowsByScore(query);
        foreach (int row in correlation == Correlation.NearTheQuery ? order.Take(count) : order.Skip(rows - count))
        {
            accepted[row] = true;
        }

        return accepted;
    }

    private static int[] Truth(BuiltDistribution built, int query, bool[] accepted) =>
        [.. built.RowsByScore(query).Where(row => accepted[row]).Take(K)];

    private static ulong[] Words(VectorSegment segment, bool[] accepted)
    {
        var words = new ulong[(segment.Count + 63) / 64];
        for (uint ordinal = 0; ordinal < (uint)segment.Count; ordinal++)
        {
            words[ordinal / 64] |= accepted[segment.SourceRow(ordinal)] ? 1UL << (int)(ordinal % 64) : 0;
        }

        return words;
    }
}
