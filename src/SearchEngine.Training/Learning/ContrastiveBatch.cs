using SearchEngine.Training.Corpus;

namespace SearchEngine.Training.Learning;

/// <summary>Queries and documents of one step: document i answers query i, every other one is a negative.</summary>
/// <param name="Queries">One text per pair.</param>
/// <param name="Documents">The positives in the order of the queries, then hard negatives.</param>
/// <param name="Kinds">Where each pair comes from.</param>
/// <param name="Keys">Which passage each document is of: one that is the positive's own is no negative.</param>
internal sealed record ContrastiveBatch(TokenBag[] Queries, TokenBag[] Documents, int[] Keys, PairKind[] Kinds);
