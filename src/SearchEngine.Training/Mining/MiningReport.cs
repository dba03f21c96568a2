namespace SearchEngine.Training.Mining;

/// <summary>What was mined.</summary>
/// <param name="Triplets">One per query that has a negative left.</param>
/// <param name="FalseNegatives">Candidates that the reranker scored like the positive; they are in no triplet.</param>
public sealed record MiningReport(IReadOnlyList<Triplet> Triplets, int FalseNegatives);
