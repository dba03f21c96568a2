using SearchEngine.Collections.Filters;

namespace SearchEngine.Collections.Search;

/// <summary>Several queries whose rankings are made one.</summary>
public sealed record HybridRequest
{
    public const int MaxParts = 8;
    public const int DefaultDepth = 100;
    public const double DefaultRankConstant = 60;
    public const double MaxRankConstant = 10_000;
    public const double MaxWeight = 1000;

    public required IReadOnlyList<HybridPart> Parts { get; init; }

    public FusionKind Fusion { get; init; }

    /// <summary>Of reciprocal ranks: damps the difference between the first ones.</summary>
    public double RankConstant { get; init; } = DefaultRankConstant;

    /// <summary>k: how many hits.</summary>
    public int Count { get; init; } = 10;

    /// <summary>How many of the best hits to skip.</summary>
    public int Offset { get; init; }

    /// <summary>Which documents every query may return.</summary>
    public Filter Filter { get; init; } = Filter.All;
}
