using SearchEngine.Collections.Core;
using Xunit;

namespace SearchEngine.Collections.Tests;

/// <summary>Merging bounds the number of segments and does not write the same rows again and again.</summary>
public sealed class MergePolicyTests
{
    [Theory]
    [InlineData(1_000)]
    [InlineData(20_000)]
    public void Rows_are_written_about_a_logarithm_of_times(int flushes)
    {
        const int FlushRows = 100, Most = 4;
        var segments = new List<SegmentSize>();
        long written = 0;
        for (int i = 0; i < flushes; i++)
        {
            segments.Add(new SegmentSize(FlushRows, 0));
            written += FlushRows;
            while (MergePolicy.Choose(segments, Most, SegmentLimits.OfFiles) is { Length: > 0 } chosen)
            {
                int rows = chosen.Sum(c => segments[c].Rows);
                foreach (int c in chosen.OrderDescending())
                {
                    segments.RemoveAt(c);
                }
                segments.Add(new SegmentSize(rows, 0));
                written += rows;
            }
            Assert.True(segments.Count <= Most, $"{segments.Count} segments stand after flush {i}");
        }
        double times = (double)written / ((long)flushes * FlushRows);
        // Four segments cannot be had for a pure logarithm: the k-th root of the number of flushes is the bound.
        Assert.True(times < 4 + 4 * Math.Pow(flushes, 1.0 / Most), $"each row was written {times:F1} times over {flushes} flushes");
    }

    [Fact]
    public void A_segment_with_many_dead_rows_is_rewritten_alone() =>
        Assert.Equal([1], Choose(4, new(100_000, 0), new(10_000, 2_500)));

    [Fact]
    public void A_segment_without_living_rows_goes() => Assert.Equal([0], Choose(4, new SegmentSize(10, 10)));

    [Fact]
    public void Few_dead_rows_are_left_alone() => Assert.Empty(Choose(4, new(100_000, 15_000), new(900, 400)));

    [Fact]
    public void What_does_not_fit_in_one_segment_is_not_merged()
    {
        SegmentLimits limits = new() { Pairs = 1_000 };
        SegmentSize[] segments = [new(10, 0, 900), new(20, 0, 600), new(30, 0, 300), new(40, 0, 100), new(50, 0, 1_000)];
        // The smallest fits beside the fourth alone.
        Assert.Equal([0, 3], MergePolicy.Choose(segments, 3, limits));
        Assert.Equal([0, 3], MergePolicy.Down(segments, 1, limits));
        Assert.Equal(4, MergePolicy.CountGrowing(segments, limits));
        Assert.Empty(MergePolicy.Choose(segments, 4, limits));
    }

    [Fact]
    public void Full_segments_stand_beside_the_others_and_end_a_merge_to_one()
    {
        SegmentLimits limits = new() { Rows = 100 };
        SegmentSize[] segments = [.. Enumerable.Repeat(new SegmentSize(60, 0), 9)];
        Assert.Equal(0, MergePolicy.CountGrowing(segments, limits));
        Assert.Empty(MergePolicy.Choose(segments, 4, limits));
        Assert.Empty(MergePolicy.Down(segments, 1, limits));
    }

    [Fact]
    public void Segments_that_fit_are_merged_to_as_few_as_are_wanted()
    {
        SegmentSize[] segments = [new(50, 0), new(10, 0), new(30, 0), new(20, 0)];
        Assert.Equal([1, 3, 2], MergePolicy.Down(segments, 2, SegmentLimits.OfFiles));
        Assert.Equal([1, 3, 2, 0], MergePolicy.Down(segments, 1, SegmentLimits.OfFiles));
        Assert.Empty(MergePolicy.Down(segments, 4, SegmentLimits.OfFiles));
    }

    private static int[] Choose(int most, params SegmentSize[] segments) => MergePolicy.Choose(segments, most, SegmentLimits.OfFiles);
}
