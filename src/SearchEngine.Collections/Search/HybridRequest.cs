namespace SearchEngine.Collections.Search;

/// <summary>Several queries whose rankings are made one. Its filter, and whether a part of the answer is one, hold for all of them.</summary>
public sealed record HybridRequest : QueryRequest
{
    public const int MaxParts = 8;
    public const int DefaultDepth = 100;
    public const double DefaultRankConstant = 60;
    public const double MaxRankConstant = 10_000;
    public const double MaxWeight = 1000;

    public required IReadOnlyList<HybridPart> Parts { get; init; }

    public FusionKind Fusion { get; init; }

    /// <summary>Of convex fusion: how scores become comparable.</summary>
    public ScoreScaling Scaling { get; init; }

    /// <summary>Of reciprocal ranks: damps the difference between the first ones.</summary>
    public double RankConstant { get; init; } = DefaultRankConstant;

    /// <summary>How many hits of a query are fused.</summary>
    public int DepthOf(HybridPart part) => part.Depth ?? Math.Max(Offset + Count, DefaultDepth);
}
