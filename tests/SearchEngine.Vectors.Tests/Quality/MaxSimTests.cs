using System.Buffers.Binary;
using Xunit;

namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>Late interaction over stored rows equals its definition in double, for any number of rows on either side.</summary>
public sealed class MaxSimTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 3, 5)]
    [InlineData(31, 4, 4)]
    [InlineData(32, 33, 7)]
    [InlineData(128, 32, 180)]
    [InlineData(768, 5, 9)]
    public void MaxSim_equals_brute_force(int dimension, int queryRows, int rows)
    {
        var random = new Random(dimension);
        foreach (ElementType element in (ElementType[])[ElementType.Float16, ElementType.Int8])
        {
            float[] query = Values(random, queryRows * dimension, element);
            float[] stored = Values(random, rows * dimension, element);
            foreach (Metric metric in (Metric[])[Metric.Dot, Metric.Cosine])
            {
                // Cosine leaves the lengths of stored rows to its caller.
                float[] lengths = metric == Metric.Dot ? [] : [.. Enumerable.Range(0, rows).Select(r => (float)Length(stored.AsSpan(r * dimension, dimension)))];
                using var maxSim = new MaxSim(query, dimension, metric, element);
                double[][] scores = [.. Enumerable.Range(0, queryRows).Select(q => Enumerable.Range(0, rows).Select(r =>
                    Score(query.AsSpan(q * dimension, dimension), stored.AsSpan(r * dimension, dimension), metric)).ToArray())];
                double expected = scores.Sum(static s => s.Max()), tolerance = 1e-5 * (1 + scores.Sum(static s => Math.Abs(s.Max())));
                byte[] bytes = Stored(stored, dimension, element);
                string what = $"{element}, {metric}, {queryRows} x {rows} rows of {dimension}";
                Assert.True(Math.Abs(expected - maxSim.Score(bytes, lengths)) <= tolerance, $"{what}: {maxSim.Score(bytes, lengths)} instead of {expected}");
                var best = new int[queryRows];
                var found = new float[queryRows];
                maxSim.Match(bytes, lengths, best, found);
                for (int q = 0; q < queryRows; q++)
                {
                    Assert.True(Math.Abs(scores[q][best[q]] - found[q]) <= tolerance, $"{what}: row {best[q]} does not score {found[q]} with query row {q}");
                    Assert.True(scores[q].Max() - found[q] <= tolerance, $"{what}: a better row than {best[q]} for query row {q} was missed");
                }
            }
        }
    }

    [Fact]
    public void Rows_that_are_not_whole_are_refused()
    {
        using var maxSim = new MaxSim([1, 2], 2, Metric.Dot, ElementType.Float16);
        Assert.Throws<ArgumentException>(() => maxSim.Score(new byte[MaxSim.StrideOf(2, ElementType.Float16) + 1], default));
        Assert.Throws<ArgumentException>(() => maxSim.Score([], default));
        Assert.Throws<ArgumentException>(() => new MaxSim([1, 2, 3], 2, Metric.Dot, ElementType.Float16));
        Assert.Throws<ArgumentException>(() => new MaxSim([1, 2], 2, Metric.L2, ElementType.Float16));
    }

    // Values that half precision holds as they are.
    private static float[] Values(Random random, int count, ElementType element) =>
        [.. Enumerable.Range(0, count).Select(_ => element == ElementType.Int8 ? random.Next(-128, 128) : (float)(Half)(random.NextDouble() * 2 - 1))];

    private static byte[] Stored(float[] values, int dimension, ElementType element)
    {
        int stride = MaxSim.StrideOf(dimension, element);
        var bytes = new byte[values.Length / dimension * stride];
        for (int i = 0; i < values.Length; i++)
        {
            Span<byte> row = bytes.AsSpan(i / dimension * stride, stride);
            if (element == ElementType.Int8)
            {
                row[i % dimension] = (byte)(sbyte)values[i];
            }
            else
            {
                BinaryPrimitives.WriteHalfLittleEndian(row[(2 * (i % dimension))..], (Half)values[i]);
            }
        }
        return bytes;
    }

    private static double Score(ReadOnlySpan<float> query, ReadOnlySpan<float> row, Metric metric)
    {
        double dot = 0;
        for (int j = 0; j < row.Length; j++)
        {
            dot += (double)query[j] * row[j];
        }
        return metric == Metric.Dot ? dot : dot / (Length(query) * Length(row));
    }

    private static double Length(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row)
        {
            sum += (double)value * value;
        }
        return Math.Sqrt(sum);
    }
}
