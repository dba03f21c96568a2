namespace SearchEngine.Evaluation;

/// <summary>
/// The measures of one ranking, as trec_eval defines them. Grades are those of the ranked documents, best document first; a
/// grade above 0 is relevant. A query without a relevant document has 0 everywhere.
/// </summary>
public static class RankingMetrics
{
    /// <summary>The share of all relevant documents that stand among the first <paramref name="depth"/> (recall_k).</summary>
    public static double RecallAt(ReadOnlySpan<int> grades, int relevant, int depth) =>
        relevant == 0 ? 0 : (double)RelevantAmong(grades, depth) / relevant;

    /// <summary>The share of <paramref name="depth"/> places that hold a relevant document; a shorter ranking has empty places
    /// (P_k).</summary>
    public static double PrecisionAt(ReadOnlySpan<int> grades, int depth) => (double)RelevantAmong(grades, depth) / depth;

    /// <summary>Whether a relevant document stands among the first <paramref name="depth"/> (success_k).</summary>
    public static double HitAt(ReadOnlySpan<int> grades, int depth) => RelevantAmong(grades, depth) > 0 ? 1 : 0;

    /// <summary>One divided by the place of the first relevant document (recip_rank).</summary>
    public static double ReciprocalRank(ReadOnlySpan<int> grades)
    {
        for (var place = 0; place < grades.Length; place++)
        {
            if (grades[place] > 0)
                return 1.0 / (place + 1);
        }
        return 0;
    }

    /// <summary>The mean of the precision at each relevant document, those that are not ranked counting 0 (map).</summary>
    public static double AveragePrecision(ReadOnlySpan<int> grades, int relevant)
    {
        var (found, sum) = (0, 0.0);
        for (var place = 0; place < grades.Length; place++)
        {
            if (grades[place] > 0)
                sum += (double)++found / (place + 1);
        }
        return relevant == 0 ? 0 : sum / relevant;
    }

    /// <summary>
    /// Discounted gain over that of the ideal ranking (ndcg_cut_k): the gain is the grade itself, not a power of it, and the
    /// discount of place i, from 1, is log2(i + 1).
    /// </summary>
    public static double NdcgAt(ReadOnlySpan<int> grades, ReadOnlySpan<int> ideal, int depth)
    {
        var best = GainOf(ideal, depth);
        return best > 0 ? GainOf(grades, depth) / best : 0;
    }

    private static double GainOf(ReadOnlySpan<int> grades, int depth)
    {
        var sum = 0.0;
        for (var place = 0; place < Math.Min(depth, grades.Length); place++)
            sum += Math.Max(0, grades[place]) / Math.Log2(place + 2);
        return sum;
    }

    private static int RelevantAmong(ReadOnlySpan<int> grades, int depth)
    {
        var found = 0;
        foreach (var grade in grades[..Math.Min(depth, grades.Length)])
            found += grade > 0 ? 1 : 0;
        return found;
    }
}
