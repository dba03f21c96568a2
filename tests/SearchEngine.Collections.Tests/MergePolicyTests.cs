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
        var segments = new List<(int Rows, int Dead)>();
        long written = 0;
        for (int i = 0; i < flushes; i++)
        {
            segments.Add((FlushRows, 0));
            written += FlushRows;
            while (MergePolicy.Choose(segments, Most) is { Length: > 0 } chosen)
            {
                int rows = chosen.Sum(c => segments[c].Rows);
                foreach (int c in chosen.OrderDescending())
                {
                    segments.RemoveAt(c);
                }
                segments.Add((rows, 0));
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
        Assert.Equal([1], MergePolicy.Choose([(100_000, 0), (10_000, 2_500)], 4));

    [Fact]
    public void A_segment_without_living_rows_goes() => Assert.Equal([0], MergePolicy.Choose([(10, 10)], 4));

    [Fact]
    public void Few_dead_rows_are_left_alone() => Assert.Empty(MergePolicy.Choose([(100_000, 15_000), (900, 400)], 4));
}
