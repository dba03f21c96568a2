namespace SearchEngine.Collections.Search;

/// <summary>The share of the true best hits that an answer has, by estimate: 1 for exact answers, 0 without an estimate.</summary>
public readonly record struct RecallEstimate(float Recall, RecallBasis Basis);
