namespace SearchEngine.Testing.Vectors;

/// <summary>The slow truth: scalar, double, one row after the other. Ties go to the smaller row number.</summary>
public static class BruteForceOracle
{
    public static double Score(OracleMetric metric, ReadOnlySpan<float> query, ReadOnlySpan<float> row) => metric switch
    {
        OracleMetric.InnerProduct => Dot(query, row),
        OracleMetric.Cosine => Cosine(query, row),
        OracleMetric.Euclidean => -SquaredDistance(query, row),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "There is no such metric."),
    };

    /// <summary>
    /// The best <paramref name="k"/> rows that <paramref name="accept"/> lets pass (all of them when it is null).
    /// </summary>
    public static (int Row, double Score)[] Search(
        FloatMatrix rows, ReadOnlySpan<float> query, OracleMetric metric, int k, Func<int, bool>? accept = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var all = new List<(int Row, double Score)>(rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            if (accept is null || accept(i))
            {
                all.Add((i, Score(metric, query, rows.Row(i))));
            }
        }

        all.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Row.CompareTo(b.Row));
        return [.. all.Take(k)];
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    /// <summary>A zero vector has no direction: its cosine is worse than any real one.</summary>
    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double norms = Math.Sqrt(Dot(a, a)) * Math.Sqrt(Dot(b, b));
        return norms > 0 ? Dot(a, b) / norms : -2;
    }

    private static double SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += difference * difference;
        }

        return sum;
    }
}
