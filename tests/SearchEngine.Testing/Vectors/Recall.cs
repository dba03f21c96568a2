namespace SearchEngine.Testing.Vectors;

/// <summary>Share of the true best k that a search returned.</summary>
public static class Recall
{
    /// <summary>By id: what the literature reports. Meaningless when rows are exact duplicates of each other.</summary>
    public static double ByIdentity(ReadOnlySpan<int> found, ReadOnlySpan<int> truth, int k)
    {
        int wanted = Math.Min(k, truth.Length);
        if (wanted == 0)
        {
            return 1;
        }

        var best = new HashSet<int>();
        foreach (int id in truth[..wanted])
        {
            best.Add(id);
        }

        int right = 0;
        foreach (int id in found[..Math.Min(k, found.Length)])
        {
            // Remove, so that a row returned twice counts once.
            right += best.Remove(id) ? 1 : 0;
        }

        return (double)right / wanted;
    }

    /// <summary>
    /// A returned row is right when its exact score reaches the exact k-th best within <paramref name="slack"/> of its
    /// size, whichever of several equal rows it is. Rows returned twice count once.
    /// </summary>
    public static double TieAware(
        FloatMatrix rows, ReadOnlySpan<float> query, OracleMetric metric, ReadOnlySpan<int> found, ReadOnlySpan<int> truth,
        int k, double slack = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int wanted = Math.Min(k, truth.Length);
        if (wanted == 0)
        {
            return 1;
        }

        double last = BruteForceOracle.Score(metric, query, rows.Row(truth[wanted - 1]));
        double floor = last - (slack * Math.Max(1, Math.Abs(last)));
        var seen = new HashSet<int>();
        int right = 0;
        foreach (int id in found[..Math.Min(wanted, found.Length)])
        {
            if (seen.Add(id) && BruteForceOracle.Score(metric, query, rows.Row(id)) >= floor)
            {
                right++;
            }
        }

        return (double)right / wanted;
    }
}
