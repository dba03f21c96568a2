namespace SearchEngine.Collections.Search;

/// <summary>What one query made of a hit.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Score">The query's own.</param>
/// <param name="Contribution">What of the fused score it makes.</param>
public sealed record HybridHitPart(int Rank, float Score, double Contribution);
