namespace SearchEngine.Vectors;

/// <summary>How one search spends its effort.</summary>
public readonly record struct SearchOptions
{
    public SearchOptions()
    {
    }

    /// <summary>ef: how many of the best candidates are expanded; at least the wanted hits are.</summary>
    public int Breadth { get; init; } = 100;

    /// <summary>
    /// Adaptive stop: the walk ends at candidates farther than (1 + margin) times the last wanted hit. Null walks the
    /// whole breadth; with a margin the breadth is only a ceiling.
    /// </summary>
    public float? Margin { get; init; }

    /// <summary>
    /// Recall to aim for, 0 to 1: the margin is taken from the segment's tuning curve and the breadth is only a ceiling
    /// of 2,000. Ignored when <see cref="Margin"/> is given, and by segments too small to be tuned.
    /// </summary>
    public float? TargetRecall { get; init; }

    /// <summary>What the walk reads; null takes the segment's own choice.</summary>
    public WalkTier? Tier { get; init; }

    /// <summary>Matryoshka: walk on the codes of this many leading coordinates, a declared prefix; null walks on all. A prefix
    /// is walked on int8 codes whatever the tier.</summary>
    public int? WalkDimension { get; init; }

    /// <summary>Matryoshka: rescore by this many leading coordinates, a declared prefix at least as long as the walk's; null
    /// rescores by all. Cosine is then the cosine of the prefixes.</summary>
    public int? RescoreDimension { get; init; }

    /// <summary>Candidates rescored from truth; at least the wanted hits are. 0 takes 20, or half more than the hits.</summary>
    public int Rescore { get; init; }
}
