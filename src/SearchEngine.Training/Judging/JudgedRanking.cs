using SearchEngine.Evaluation;

namespace SearchEngine.Training.Judging;

/// <summary>One way to rank a collection.</summary>
/// <param name="Ranking">Its measures.</param>
/// <param name="AgainstBm25">NDCG@10 minus BM25's, query by query.</param>
/// <param name="AgainstEncoder">NDCG@10 minus that of the plain encoder; null for what comes before it.</param>
public sealed record JudgedRanking(RankedBy Ranking, Interval AgainstBm25, Interval? AgainstEncoder);
