namespace SearchEngine.Collections.Calibrations;

/// <summary>What one margin of the adaptive stop reached, over all segments.</summary>
/// <param name="Margin">How much farther than the last wanted hit a candidate may be to be expanded.</param>
/// <param name="Recall">Mean share of the nearest documents that were found.</param>
/// <param name="Low">Its 5th percentile over the queries.</param>
/// <param name="Breadth">Mean effective breadth in the largest segment.</param>
/// <param name="Micros">Mean time of a search on the machine it was measured on.</param>
public sealed record CalibrationPoint(float Margin, float Recall, float Low, int Breadth, float Micros);
