using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Vectors;
using Xunit;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>Random vectors, exact scores, and searches that see every row.</summary>
internal static class VectorSamples
{
    /// <summary>A direction at random with this length.</summary>
    public static float[] Random(Random random, int dimension, float length)
    {
        var values = new float[dimension];
        double sum = 0;
        foreach (ref float value in values.AsSpan())
        {
            value = (float)(random.NextDouble() + random.NextDouble() - 1);
            sum += (double)value * value;
        }
        foreach (ref float value in values.AsSpan())
        {
            value *= length / (float)Math.Sqrt(sum);
        }
        return values;
    }

    public static double Score(VectorMetric metric, ReadOnlySpan<float> query, ReadOnlySpan<float> row)
    {
        double dot = 0, left = 0, right = 0, distance = 0;
        for (int j = 0; j < row.Length; j++)
        {
            dot += (double)query[j] * row[j];
            left += (double)query[j] * query[j];
            right += (double)row[j] * row[j];
            distance += ((double)query[j] - row[j]) * ((double)query[j] - row[j]);
        }
        return metric switch
        {
            VectorMetric.Cosine => dot / Math.Sqrt(left * right),
            VectorMetric.Dot => dot,
            _ => -distance,
        };
    }

    /// <summary>Scores of the closest documents that are not dead.</summary>
    public static double[] Search(DocumentSegment segment, RowSet dead, int vector, float[] query, int most)
    {
        if (segment.Vectors(vector) is not VectorSegment rows)
        {
            return [];
        }
        using RowSet accept = RowSet.None(rows.Count);
        for (uint row = 0; row < (uint)rows.Count; row++)
        {
            if (!dead.Contains(segment.DocumentOf(vector, row)))
            {
                accept.Add(row);
            }
        }
        using VectorSearcher searcher = rows.CreateSearcher();
        var hits = new Candidate[most];
        var options = new SearchOptions { Breadth = rows.Count + most, Rescore = rows.Count };
        int count = searcher.Search(query, options, AcceptSet.From(accept.Words, rows.Count), hits);
        return [.. hits[..count].Select(hit => (double)hit.Score)];
    }

    /// <summary>Equal within what half precision and a stored length keep.</summary>
    public static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        for (int j = 0; j < expected.Length; j++)
        {
            float slack = 1e-3f * MathF.Abs(expected[j]) + 1e-5f;
            Assert.True(MathF.Abs(expected[j] - actual[j]) <= slack, $"{what}: coordinate {j} is {actual[j]} instead of {expected[j]}");
        }
    }
}
