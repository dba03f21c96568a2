namespace SearchEngine.Collections.Search;

/// <summary>What the stages of a search made of a hit.</summary>
/// <param name="FirstRank">In the first stage, from 1.</param>
/// <param name="FirstScore">Of the first stage.</param>
/// <param name="IsScored">Whether the hit's score is that of late interaction; otherwise it is that of the first stage.</param>
public readonly record struct LateScore(int FirstRank, float FirstScore, bool IsScored);
