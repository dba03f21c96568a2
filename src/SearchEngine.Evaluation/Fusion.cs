namespace SearchEngine.Evaluation;

/// <summary>Several rankings of one query made into one.</summary>
public static class Fusion
{
    /// <summary>The constant of the paper; it damps the difference between the first places.</summary>
    public const double DefaultRankConstant = 60;

    /// <summary>Reciprocal rank fusion (Cormack et al. 2009): the sum of weight / (constant + place), places from 1.</summary>
    /// <exception cref="ArgumentException">There are not as many weights as rankings.</exception>
    public static ScoredDocument[] ByRank(
        IReadOnlyList<IReadOnlyList<ScoredDocument>> rankings, ReadOnlySpan<double> weights, int count,
        double constant = DefaultRankConstant)
    {
        Check(rankings, weights);
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var ranking = 0; ranking < rankings.Count; ranking++)
        {
            for (var place = 0; place < rankings[ranking].Count; place++)
                Add(sums, rankings[ranking][place].Id, weights[ranking] / (constant + place + 1));
        }
        return Best(sums, count);
    }

    /// <summary>
    /// A weighted sum of scores, each ranking's scaled to 0..1 between its last and its first document. A document that a ranking
    /// lacks has 0 from it, as its last one has.
    /// </summary>
    /// <exception cref="ArgumentException">There are not as many weights as rankings.</exception>
    public static ScoredDocument[] ByScore(
        IReadOnlyList<IReadOnlyList<ScoredDocument>> rankings, ReadOnlySpan<double> weights, int count)
    {
        Check(rankings, weights);
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var ranking = 0; ranking < rankings.Count; ranking++)
        {
            if (rankings[ranking].Count == 0)
                continue;
            var least = rankings[ranking].Min(document => document.Score);
            var range = rankings[ranking].Max(document => document.Score) - least;
            foreach (var document in rankings[ranking])
                Add(sums, document.Id, weights[ranking] * (range > 0 ? (document.Score - least) / range : 1));
        }
        return Best(sums, count);
    }

    private static void Add(Dictionary<string, double> sums, string id, double part) =>
        sums[id] = sums.GetValueOrDefault(id) + part;

    private static ScoredDocument[] Best(Dictionary<string, double> sums, int count) =>
        TrecOrder.Best(sums.Select(sum => new ScoredDocument(sum.Key, (float)sum.Value)), count);

    private static void Check(IReadOnlyList<IReadOnlyList<ScoredDocument>> rankings, ReadOnlySpan<double> weights)
    {
        if (rankings.Count != weights.Length)
            throw new ArgumentException($"{rankings.Count} rankings have {weights.Length} weights.", nameof(weights));
    }
}
