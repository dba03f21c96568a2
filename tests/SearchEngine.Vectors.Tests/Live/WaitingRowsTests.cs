using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Live;
using Xunit;

namespace SearchEngine.Vectors.Tests.Live;

/// <summary>Rows that no writer has linked yet are searched exactly, also when codes say which of them are looked at.</summary>
public sealed class WaitingRowsTests
{
    private const int Dimension = 96;
    private const int Rows = 3_000;
    private const int Queries = 40;

    [Theory]
    [InlineData(Metric.Cosine, 1f)]
    [InlineData(Metric.Dot, 1f)]
    [InlineData(Metric.L2, 1f)]
    // A few rows that come after a calibration lie farther out than any that it has seen.
    [InlineData(Metric.Dot, 40f)]
    [InlineData(Metric.L2, 40f)]
    public void AreSearchedAsByTruth(Metric metric, float farther)
    {
        var random = new CounterRandom(9, (ulong)metric, (ulong)farther);
        var rows = new float[Rows][];
        for (int i = 0; i < Rows; i++)
        {
            rows[i] = Row(ref random, i % 97 != 96 || i < 1_000 ? 1f : i < 2_200 ? farther : farther * farther);
        }
        using var segment = new LiveSegment(new LiveOptions
        {
            Dimension = Dimension,
            Capacity = Rows,
            CalibrationRows = 2_000,
            Graph = new SegmentOptions { Metric = metric },
        });
        using LiveSearcher searcher = segment.CreateSearcher();
        int appended = 0;
        foreach (int count in new[] { 400, 700, 1_900, 2_100, Rows })
        {
            for (; appended < count; appended++)
            {
                segment.Append(rows[appended], (uint)appended);
            }
            // Encodes; below 2,000 rows links none, from then on one.
            int linked = segment.LinkPending(1);
            Assert.Equal(count >= 2_000 ? 1 : 0, linked);
            for (uint dead = 3; dead < count; dead += 11)
            {
                segment.Delete(dead);
            }
            Compare(segment, searcher, ref random, $"{metric}, {count} rows, {segment.PendingCount} not linked");
        }
    }

    [Fact]
    public void AreReadByTheirCodesWhereThereAreSome()
    {
        var random = new CounterRandom(4, 2, 1);
        using var segment = new LiveSegment(new LiveOptions { Dimension = Dimension, Capacity = Rows });
        for (int i = 0; i < Rows; i++)
        {
            segment.Append(Row(ref random, 1f), (uint)i);
        }
        using LiveSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[10];
        float[] query = Row(ref random, 1f);
        searcher.Search(query, new SearchOptions(), hits);
        Assert.Equal((0, Rows), (searcher.Counts.Estimated, searcher.Counts.Rescored));
        segment.LinkPending(1);
        searcher.Search(query, new SearchOptions(), hits);
        Assert.True(
            searcher.Counts.Estimated == Rows && searcher.Counts.Rescored < Rows / 4,
            $"{searcher.Counts.Estimated} codes and {searcher.Counts.Rescored} rows are read of {Rows}.");
    }

    private static float[] Row(ref CounterRandom random, float length)
    {
        var row = new float[Dimension];
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = length * (float)random.Gaussian();
        }
        return row;
    }

    private static void Compare(LiveSegment segment, LiveSearcher searcher, ref CounterRandom random, string state)
    {
        var found = new Candidate[10];
        var truth = new Candidate[10];
        for (int q = 0; q < Queries; q++)
        {
            float[] query = Row(ref random, q % 4 == 3 ? 20f : 1f);
            int every = q % 3 + 1;
            var words = new ulong[(segment.Count + 63) / 64];
            for (int i = 0; i < segment.Count; i += every)
            {
                words[i / 64] |= 1ul << (i % 64);
            }
            AcceptSet accept = AcceptSet.From(words, segment.Count);
            int wanted = q % 10 + 1;
            int exactly = searcher.SearchExactly(query, new SearchOptions(), accept, truth.AsSpan(0, wanted));
            var options = new SearchOptions { Bound = q % 5 == 4 ? truth[wanted / 2].Score : null };
            int expected = options.Bound is float bound ? truth[..exactly].Count(t => t.Score >= bound) : exactly;
            int count = every == 1 && q % 2 == 0
                ? searcher.Search(query, options, found.AsSpan(0, wanted))
                : searcher.Search(query, options, accept, found.AsSpan(0, wanted));
            Assert.True(
                found[..count].SequenceEqual(truth[..expected]),
                $"{state}, query {q}, one row in {every}, bound {options.Bound}: found {string.Join(' ', found[..count])}, by truth {string.Join(' ', truth[..expected])}.");
        }
    }
}
