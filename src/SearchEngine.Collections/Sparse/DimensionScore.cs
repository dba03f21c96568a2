namespace SearchEngine.Collections.Sparse;

/// <summary>What a dimension of a sparse query adds to the score of a document.</summary>
public sealed record DimensionScore(uint Dimension, double Score);
