namespace SearchEngine.Evaluation;

/// <summary>The measures of one query's ranking, or their means over queries.</summary>
public sealed record QueryMetrics
{
    private const int Depth = 10;

    public required double Recall1 { get; init; }

    public required double Recall5 { get; init; }

    public required double Recall10 { get; init; }

    public required double Recall20 { get; init; }

    public required double Precision10 { get; init; }

    public required double Ndcg10 { get; init; }

    public required double ReciprocalRank { get; init; }

    public required double AveragePrecision { get; init; }

    /// <param name="ranking">Best document first; <see cref="TrecOrder"/> settles ties.</param>
    /// <param name="judgements">Of this query.</param>
    public static QueryMetrics Of(IEnumerable<ScoredDocument> ranking, Judgements judgements)
    {
        var grades = judgements.GradesOf(ranking);
        return new QueryMetrics
        {
            Recall1 = RankingMetrics.RecallAt(grades, judgements.Relevant, 1),
            Recall5 = RankingMetrics.RecallAt(grades, judgements.Relevant, 5),
            Recall10 = RankingMetrics.RecallAt(grades, judgements.Relevant, Depth),
            Recall20 = RankingMetrics.RecallAt(grades, judgements.Relevant, 20),
            Precision10 = RankingMetrics.PrecisionAt(grades, Depth),
            Ndcg10 = RankingMetrics.NdcgAt(grades, judgements.Ideal, Depth),
            ReciprocalRank = RankingMetrics.ReciprocalRank(grades),
            AveragePrecision = RankingMetrics.AveragePrecision(grades, judgements.Relevant),
        };
    }

    /// <summary>Every query counts the same; no query at all has 0 everywhere.</summary>
    public static QueryMetrics MeanOf(IReadOnlyCollection<QueryMetrics> queries)
    {
        double Mean(Func<QueryMetrics, double> measure) => queries.Count == 0 ? 0 : queries.Sum(measure) / queries.Count;
        return new QueryMetrics
        {
            Recall1 = Mean(query => query.Recall1),
            Recall5 = Mean(query => query.Recall5),
            Recall10 = Mean(query => query.Recall10),
            Recall20 = Mean(query => query.Recall20),
            Precision10 = Mean(query => query.Precision10),
            Ndcg10 = Mean(query => query.Ndcg10),
            ReciprocalRank = Mean(query => query.ReciprocalRank),
            AveragePrecision = Mean(query => query.AveragePrecision),
        };
    }
}
