namespace SearchEngine.Training.Learning;

/// <summary>A query's pieces and the passage that answers it.</summary>
internal sealed record LabelledPair(int[] Query, int Passage);
