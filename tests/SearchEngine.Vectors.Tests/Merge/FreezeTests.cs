using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Live;
using SearchEngine.Vectors.Merge;
using SearchEngine.Vectors.Quantization;
using SearchEngine.Vectors.Tests.Quality;
using Xunit;

namespace SearchEngine.Vectors.Tests.Merge;

/// <summary>A freeze leaves out the rows its caller gives up, and rows come back as they were given.</summary>
public sealed class FreezeTests
{
    [Theory]
    [InlineData(Metric.Cosine, 5)]
    [InlineData(Metric.L2, 5)]
    [InlineData(Metric.Dot, 2)]
    public void RowsThatWereNotKilledCanBeLeftOut(Metric metric, int deadEach)
    {
        const int Count = 2_500;
        var run = new MergeRun(Count, metric);
        using LiveSegment live = Filled(run, Count);
        live.Delete(7);
        live.Seal();
        ulong[] dead = MergeRun.Words(Count, i => i % deadEach == 0);
        using VectorSegment frozen = SegmentMerger.Freeze(live, dead, threads: 2, out MergeReport report);
        GraphValidator.AssertValid(new SegmentGraph(frozen.Parts), $"a freeze without given rows, {report}");
        int[] expected = [.. Enumerable.Range(0, Count).Where(i => i % deadEach != 0 && i != 7)];
        int[] kept = [.. Enumerable.Range(0, frozen.Count).Select(o => (int)frozen.SourceRow((uint)o)).Order()];
        Assert.True(expected.SequenceEqual(kept), $"{kept.Length} rows instead of {expected.Length}: rows given as dead were kept, or others lost.");
        double recall = run.Recall(frozen, source => (int)source, i => i % deadEach != 0 && i != 7);
        Assert.True(recall > 0.9, $"Recall {recall:F3}: links to rows left out were not healed.");
    }

    [Theory]
    [InlineData(Metric.Cosine)]
    [InlineData(Metric.L2)]
    public void RowsComeBackInTheCallersCoordinatesAndLength(Metric metric)
    {
        var run = new MergeRun(300, metric);
        for (int i = 0; i < run.Rows.Values.Length; i++)
        {
            run.Rows.Values[i] *= 3;
        }
        using LiveSegment live = Filled(run, 300);
        live.Seal();
        using VectorSegment frozen = SegmentMerger.Freeze(live, out _);
        var row = new float[96];
        for (uint i = 0; i < 300; i++)
        {
            live.CopyRow(i, row);
            AssertNear(run.Rows.Row((int)i), row, $"live row {i}");
            frozen.CopyRow(i, row);
            AssertNear(run.Rows.Row((int)frozen.SourceRow(i)), row, $"frozen row {i}");
        }
    }

    [Fact]
    public void LevelsThatWereDrawnForDuplicatesAloneAreNotMade()
    {
        const int Count = 2_000;
        const int Distinct = 10;
        var run = new MergeRun(Distinct, Metric.Cosine);
        // Too few rows for a graph of its own, so that none stands.
        using var live = new LiveSegment(new LiveOptions { Dimension = 96, Capacity = Count, CalibrationRows = Count, Graph = run.Options });
        for (int i = 0; i < Count - 1; i++)
        {
            live.Append(run.Rows.Row(i % Distinct), (uint)i);
        }
        live.Seal();
        using VectorSegment frozen = SegmentMerger.Freeze(live, out MergeReport report);
        Assert.Equal(Count - 1, frozen.Count);
        GraphValidator.AssertValid(new SegmentGraph(frozen.Parts), $"a freeze of {Distinct} different rows, {report}");
    }

    [Fact]
    public void ACheckedRowIsRefusedForWhatAnAppendRefusesIt()
    {
        using var live = new LiveSegment(new LiveOptions
        {
            Dimension = 2,
            Truth = ElementType.Float16,
            Graph = new SegmentOptions { Metric = Metric.Dot },
        });
        foreach (float[] row in new float[][] { [1], [1, float.NaN], [1, 70_000] })
        {
            Assert.Throws<ArgumentException>(() => live.Check(row));
            Assert.Throws<ArgumentException>(() => live.Append(row, 0));
        }
        live.Check([1, 2]);
        Assert.Equal(0, live.Count);
    }

    // The square of its length is beyond single precision. What cannot be read back cannot be flushed, and in the end nothing is written.
    [Theory]
    [InlineData(Metric.Dot, 500)]
    [InlineData(Metric.L2, 500)]
    [InlineData(Metric.Dot, 5_000)]
    [InlineData(Metric.L2, 5_000)]
    public void WhatHoldsARowOfGreatLengthCanBeReadBack(Metric metric, int count)
    {
        var run = new MergeRun(count, metric);
        using var live = new LiveSegment(new LiveOptions { Dimension = 96, Capacity = count + 1, CalibrationRows = 1_000, Graph = run.Options });
        for (int i = 0; i < count; i++)
        {
            live.Append(run.Rows.Row(i), (uint)i);
        }
        live.LinkPending(1);
        live.Append([.. Enumerable.Repeat(1e20f, 96)], (uint)count);
        // Encodes it.
        live.LinkPending(1);
        Candidate[] hits = new Candidate[10], exact = new Candidate[10];
        using (LiveSearcher searcher = live.CreateSearcher())
        {
            searcher.Search(run.Queries.Row(7), new SearchOptions(), hits);
            searcher.SearchExactly(
                run.Queries.Row(7), new SearchOptions(), AcceptSet.From(MergeRun.Words(count + 1, static _ => true), count + 1), exact);
        }
        Assert.Equal(exact, hits);
        live.Seal();
        using VectorSegment frozen = SegmentMerger.Freeze(live, out _);
        byte[] stored = frozen.Parts.Calibration.ToBytes();
        Assert.Equal(stored, Calibration.FromBytes(stored).ToBytes());
    }

    [Theory]
    [InlineData(Metric.Dot)]
    [InlineData(Metric.L2)]
    public void ScansByCodesStayExactWhenARowCameThatLiesFartherOutThanTheFirst(Metric metric)
    {
        // So many that the freeze looks at every second row, to see whether the codes still fit: the far one is another.
        const int Count = 9_000, Calibrated = 1_100, Far = 3_001, Wanted = 10;
        var run = new MergeRun(Count, metric);
        using var live = new LiveSegment(new LiveOptions { Dimension = 96, Capacity = Count, CalibrationRows = 1_000, Graph = run.Options });
        for (int i = 0; i < Count; i++)
        {
            float[] row = run.Rows.Row(i).ToArray();
            if (i == Far)
            {
                Array.ForEach([.. Enumerable.Range(0, row.Length)], j => row[j] *= 30);
            }
            live.Append(row, (uint)i);
            if (i == Calibrated)
            {
                live.LinkPending(1);
            }
        }
        live.Seal();
        using VectorSegment frozen = SegmentMerger.Freeze(live, out MergeReport report);
        Assert.Equal(Count, report.CopiedCodes);
        using VectorSearcher searcher = frozen.CreateSearcher();
        ulong[] words = MergeRun.Words(Count, i => i % 3 != 0);
        var exact = new Candidate[Wanted];
        var found = new Candidate[Wanted];
        for (int q = 0; q < 50; q++)
        {
            float[] query = run.Rows.Row(q).ToArray();
            AcceptSet accept = AcceptSet.From(words, Count);
            searcher.SearchExactly(query, new SearchOptions(), accept, exact);
            searcher.Search(query, new SearchOptions { Strategy = SearchStrategy.Scan }, accept, found);
            Assert.True(
                exact.AsSpan().SequenceEqual(found),
                $"{metric}, query {q}: a scan by codes found {string.Join(' ', found)}, by truth {string.Join(' ', exact)}; suspect the reach of the frozen codes.");
        }
    }

    private static LiveSegment Filled(MergeRun run, int count)
    {
        var live = new LiveSegment(new LiveOptions { Dimension = 96, Capacity = count, CalibrationRows = 1_000, Graph = run.Options });
        for (int i = 0; i < count; i++)
        {
            live.Append(run.Rows.Row(i), (uint)i);
        }
        return live;
    }

    private static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        for (int j = 0; j < expected.Length; j++)
        {
            // Half precision: 11 bits of the largest coordinates, and 2^-24 of the length for the smallest.
            float slack = 1e-3f * MathF.Abs(expected[j]) + 1e-5f;
            Assert.True(MathF.Abs(expected[j] - actual[j]) <= slack, $"{what}, coordinate {j}: {actual[j]} instead of {expected[j]}; suspect the length.");
        }
    }
}
