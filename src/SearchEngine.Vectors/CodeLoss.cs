namespace SearchEngine.Vectors;

/// <summary>What the codes of a segment lose against its rows.</summary>
/// <param name="Tier">What walks read.</param>
/// <param name="WalksTruth">Codes do not resolve these rows, so walks read the rows themselves and nothing is lost.</param>
/// <param name="ClippedShare">Share of code bytes at the clip; 0 for 1-bit records, which have no range.</param>
/// <param name="MeanError">Mean over the sampled rows of the distance between row and decoded row, relative to the row's length.</param>
/// <param name="WorstError">The greatest of them.</param>
/// <param name="Recall">Share of the ten nearest rows that are the ten best by codes alone; of equal rows any will do.</param>
public sealed record CodeLoss(WalkTier Tier, bool WalksTruth, float ClippedShare, float MeanError, float WorstError, float Recall);
