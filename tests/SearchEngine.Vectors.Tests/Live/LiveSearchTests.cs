using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Live;
using Xunit;

namespace SearchEngine.Vectors.Tests.Live;

/// <summary>Searches of a live segment agree with the oracle in every state it can be in.</summary>
public sealed class LiveSearchTests
{
    [Theory]
    [InlineData(Metric.Cosine)]
    [InlineData(Metric.Dot)]
    [InlineData(Metric.L2)]
    public void EveryStateAgreesWithTheOracle(Metric metric)
    {
        using var run = new LiveRun(LiveRun.Text with { LengthDeviation = metric == Metric.Cosine ? 0 : 0.2, QueryCount = 50 }, metric);
        AssertFindsNothing(run);
        run.Append(0, 800);
        Assert.Equal(0, run.Segment.LinkPending(int.MaxValue));
        AssertRecall(run, "too few rows to calibrate", 1.0);
        run.Append(800, 3_000);
        AssertRecall(run, "enough rows, none linked", 1.0);
        Assert.Equal(1_500, run.Segment.LinkPending(1_500));
        Assert.Equal(1_500, run.Segment.PendingCount);
        AssertRecall(run, "half of the rows linked", 0.98);
        run.AppendAndLink(3_000, 6_000);
        Assert.Equal(0, run.Segment.PendingCount);
        AssertRecall(run, "all rows linked", run.FreshRecall(100) - 0.01);
        run.Segment.Sweep();
        GraphReport report = GraphValidator.AssertValid(new LiveGraphRows(run.Segment), $"linking {metric}");
        // By product one long row stands before many others, so few links survive pruning there.
        Assert.True(report.MeanDegree > (metric == Metric.Dot ? 6 : 12), $"Rows have {report.MeanDegree:F1} links on average; pruning starves them.");
    }

    [Fact]
    public void ARowIsFoundFromTheMomentItIsAppended()
    {
        using var run = new LiveRun(LiveRun.Text, Metric.Cosine);
        using LiveSearcher searcher = run.Segment.CreateSearcher();
        var hit = new Candidate[1];
        for (int i = 0; i < run.Rows.Count; i++)
        {
            run.Append(i, i + 1);
            Assert.Equal(1, searcher.Search(run.Rows.Row(i), new SearchOptions { Breadth = 40 }, hit));
            Assert.True(hit[0].Score > 0.999, $"Row {i} is not found right after it was appended, the best hit is {hit[0]}.");
            if (i % 3 == 0)
            {
                run.Segment.LinkPending(2);
            }
        }
    }

    [Fact]
    public void FiltersReturnAllTheyCan()
    {
        using var run = new LiveRun(LiveRun.Text with { QueryCount = 30 }, Metric.Cosine);
        run.AppendAndLink(0, 5_500);
        run.Append(5_500, 6_000);
        for (uint i = 0; i < 6_000; i += 7)
        {
            run.Segment.Delete(i);
        }
        using LiveSearcher searcher = run.Segment.CreateSearcher();
        var hits = new Candidate[10];
        foreach (int every in new[] { 1, 2, 10, 500, 3_000 })
        {
            var words = new ulong[(6_000 + 63) / 64];
            for (int i = 0; i < 6_000; i += every)
            {
                words[i / 64] |= 1ul << (i % 64);
            }
            double recall = 0;
            for (int q = 0; q < run.Queries.Count; q++)
            {
                int count = searcher.Search(run.Queries.Row(q), new SearchOptions(), AcceptSet.From(words, 6_000), hits);
                run.Check(run.Queries.Row(q), hits.AsSpan(0, count));
                (int Row, double Score)[] truth = run.Oracle(run.Queries.Row(q), 10, i => i % every == 0);
                Assert.True(count == truth.Length, $"One row in {every}: {count} hits, the oracle has {truth.Length}.");
                Assert.All(hits[..count], h => Assert.True(h.Ordinal % every == 0, $"Row {h.Ordinal} is not accepted."));
                recall += truth.Count(t => hits.AsSpan(0, count).ToArray().Any(h => h.Ordinal == t.Row)) / (double)Math.Max(1, truth.Length);
            }
            Assert.True(recall / run.Queries.Count >= 0.95, $"One row in {every} accepted: recall {recall / run.Queries.Count:F3}.");
        }
    }

    [Fact]
    public void ASearchAllocatesNothingAfterTheFirst()
    {
        using var run = new LiveRun(LiveRun.Text, Metric.L2);
        run.AppendAndLink(0, 5_900);
        run.Append(5_900, 6_000);
        using LiveSearcher searcher = run.Segment.CreateSearcher();
        var hits = new Candidate[10];
        var words = new ulong[(6_000 + 63) / 64];
        words.AsSpan(0, 90).Fill(ulong.MaxValue);
        Search();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Search();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated == 0, $"200 searches allocate {allocated} bytes.");

        void Search()
        {
            AcceptSet accept = AcceptSet.From(words, 6_000);
            for (int i = 0; i < 100; i++)
            {
                searcher.Search(run.Rows.Row(i), new SearchOptions { Margin = i % 2 == 0 ? 0.1f : null }, hits);
                searcher.Search(run.Rows.Row(i), new SearchOptions(), accept, hits);
            }
        }
    }

    [Fact]
    public void ADeclaredPrefixIsWalkedAndRescoredAndAnotherIsRefused()
    {
        const int Dimension = 128, Prefix = 64, Count = 2_000;
        var random = new CounterRandom(1, 2, 3);
        var rows = new FloatMatrix([.. Enumerable.Range(0, Count * Dimension).Select(_ => (float)random.Gaussian())], Count, Dimension);
        FloatMatrix prefixes = rows.Prefix(Prefix);
        using var segment = new LiveSegment(new LiveOptions
        {
            Dimension = Dimension,
            Capacity = Count,
            CalibrationRows = 500,
            Graph = new SegmentOptions { Metric = Metric.Dot, BuildBreadth = 80, PrefixDimensions = [Prefix] },
        });
        for (int i = 0; i < Count; i++)
        {
            segment.Append(rows.Row(i), (uint)i);
        }
        segment.LinkPending(1_800);
        using LiveSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[10];
        var options = new SearchOptions { WalkDimension = Prefix, RescoreDimension = Prefix, Breadth = 200, Rescore = 100 };
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(10, searcher.Search(rows.Row(i), options, hits));
            Assert.All(hits, h => Assert.Equal(
                BruteForceOracle.Score(OracleMetric.InnerProduct, prefixes.Row(i), prefixes.Row((int)h.Ordinal)), h.Score, 1e-2));
        }
        Assert.Throws<ArgumentException>(() => searcher.Search(rows.Row(0), options with { WalkDimension = 96, RescoreDimension = 96 }, hits));
        Assert.Throws<ArgumentException>(() => searcher.Search(rows.Row(0)[..96], new SearchOptions(), hits));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void EqualRowsDoNotBecomeIslands(int distinct)
    {
        const int Count = 3_000, Dimension = 40;
        using var segment = new LiveSegment(new LiveOptions
        {
            Dimension = Dimension,
            Capacity = Count,
            CalibrationRows = 256,
            Graph = new SegmentOptions { Metric = Metric.L2, BuildBreadth = 60 },
        });
        var row = new float[Dimension];
        for (int i = 0; i < Count; i++)
        {
            Array.Fill(row, 1 + i % distinct);
            segment.Append(row, (uint)i);
        }
        segment.LinkPending(int.MaxValue);
        GraphValidator.AssertValid(new LiveGraphRows(segment), $"linking {Count} rows of {distinct} kinds");
        using LiveSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[50];
        for (int kind = 0; kind < distinct; kind++)
        {
            Array.Fill(row, 1 + kind);
            Assert.Equal(50, searcher.Search(row, new SearchOptions { Breadth = 100 }, hits));
            Assert.All(hits, h => Assert.Equal(kind, (int)h.Ordinal % distinct));
        }
    }

    private static void AssertFindsNothing(LiveRun run)
    {
        using LiveSearcher searcher = run.Segment.CreateSearcher();
        Assert.Equal(0, searcher.Search(run.Queries.Row(0), new SearchOptions(), new Candidate[10]));
    }

    private static void AssertRecall(LiveRun run, string state, double floor)
    {
        double recall = run.Recall(100);
        TestContext.Current.TestOutputHelper?.WriteLine($"{run.Segment.Metric}, {state}: {recall:F4}");
        Assert.True(recall >= floor, $"{run.Segment.Metric}, {state}: recall {recall:F4} is below {floor}.");
    }
}
