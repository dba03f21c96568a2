namespace SearchEngine.Testing.Vectors;

/// <summary>
/// Exact nearest rows of many queries, fast: blocked float32 products choose candidates, double products rank them.
/// The order is (score descending, row ascending), whatever the number of threads.
/// </summary>
public static class ExactSearch
{
    /// <summary>
    /// Float32 may misplace a row by its rounding error, so more than k candidates are ranked in double.
    /// </summary>
    private const int SpareCandidates = 20;

    public static (IdMatrix Ids, FloatMatrix Scores) Run(FloatMatrix rows, FloatMatrix queries, OracleMetric metric, int k)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(queries);
        if (rows.Dim != queries.Dim)
        {
            throw new ArgumentException($"Queries have {queries.Dim} dimensions, rows {rows.Dim}.", nameof(queries));
        }

        k = Math.Min(k, rows.Count);
        int kept = Math.Min(rows.Count, k + Math.Max(SpareCandidates, k / 5));
        var panels = new QueryPanels(queries);
        var (scales, offsets) = RowTerms(rows, metric);
        int workers = Math.Clamp(Environment.ProcessorCount, 1, Math.Max(1, rows.Count / 64));
        var parts = new CandidateSets[workers];
        Parallel.For(0, workers, worker =>
        {
            int from = (int)((long)rows.Count * worker / workers);
            int to = (int)((long)rows.Count * (worker + 1) / workers);
            parts[worker] = new CandidateSets(panels.PaddedCount, queries.Count, kept);
            panels.Score(rows, from, to, scales, offsets, parts[worker]);
        });
        return Rank(rows, queries, metric, k, parts);
    }

    /// <summary>
    /// score = scale(row) * dot + offset(row) orders rows as the metric does: a query's own length changes no order.
    /// </summary>
    private static (float[] Scales, float[] Offsets) RowTerms(FloatMatrix rows, OracleMetric metric)
    {
        var scales = new float[rows.Count];
        var offsets = new float[rows.Count];
        if (metric == OracleMetric.InnerProduct)
        {
            Array.Fill(scales, 1f);
            return (scales, offsets);
        }

        Parallel.For(0, rows.Count, i =>
        {
            double squared = BruteForceOracle.Score(OracleMetric.InnerProduct, rows.Row(i), rows.Row(i));
            if (metric == OracleMetric.Cosine)
            {
                scales[i] = squared > 0 ? (float)(1 / Math.Sqrt(squared)) : 0;
                offsets[i] = squared > 0 ? 0 : float.MinValue;
            }
            else
            {
                scales[i] = 2;
                offsets[i] = (float)-squared;
            }
        });
        return (scales, offsets);
    }

    private static (IdMatrix Ids, FloatMatrix Scores) Rank(
        FloatMatrix rows, FloatMatrix queries, OracleMetric metric, int k, CandidateSets[] parts)
    {
        var ids = new IdMatrix(queries.Count, k);
        var scores = new FloatMatrix(queries.Count, k);
        Parallel.For(0, queries.Count, q =>
        {
            var ranked = new List<(int Row, double Score)>();
            foreach (CandidateSets part in parts)
            {
                foreach (int row in part.RowsOf(q))
                {
                    ranked.Add((row, BruteForceOracle.Score(metric, queries.Row(q), rows.Row(row))));
                }
            }

            ranked.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Row.CompareTo(b.Row));
            for (int i = 0; i < k; i++)
            {
                ids.Row(q)[i] = ranked[i].Row;
                scores.Row(q)[i] = (float)ranked[i].Score;
            }
        });
        return (ids, scores);
    }
}
