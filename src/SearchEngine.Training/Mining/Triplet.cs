using SearchEngine.Training.Corpus;

namespace SearchEngine.Training.Mining;

/// <summary>A query, the passage that answers it, and passages that look as if they did.</summary>
/// <param name="Query">The labelled query, or the passage's title.</param>
/// <param name="Positive">Whole where the pair is labelled; without its title where that is the query.</param>
/// <param name="Negatives">Hardest first.</param>
public sealed record Triplet(string Query, Passage Positive, IReadOnlyList<Passage> Negatives);
