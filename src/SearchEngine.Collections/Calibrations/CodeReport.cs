using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Calibrations;

/// <summary>What the codes of the largest segment lose against stored vectors.</summary>
/// <param name="Code">What walks read; null where codes do not resolve the vectors and walks read these themselves.</param>
/// <param name="ClippedShare">Share of code bytes at the clip.</param>
/// <param name="MeanError">Mean distance between a vector and its decoded code, relative to the vector's length.</param>
/// <param name="WorstError">The greatest one of the sample.</param>
/// <param name="CodeRecall">Recall at 10 of a scan by codes alone.</param>
public sealed record CodeReport(WalkCode? Code, float ClippedShare, float MeanError, float WorstError, float CodeRecall);
