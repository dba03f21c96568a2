using SearchEngine.Vectors.Graph;

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

    /// <summary>The margin that reaches the target where that was measured otherwise, over several segments or with other queries; it takes
    /// the place of the segment's own. Null, or without a target, or on a prefix: the segment's own.</summary>
    public float? TargetMargin { get; init; }

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

    /// <summary>Scores and order are those of the int8 codes: truth is not read, but for rows of live segments that are not linked yet,
    /// which have no code. Segments whose codes cannot tell rows apart are walked on truth, and so scored by it. Exact searches
    /// ignore it.</summary>
    public bool ByCodes { get; init; }

    /// <summary>
    /// Hits below this score are of no interest and not returned: the worst kept hit of segments searched before, or a least
    /// score. The walk ends earlier, with the margin of the search or, without one, the widest that the segment was
    /// tuned with. Hits at or above it are those of a search without it, as far as a walk finds them; a scan finds all.
    /// </summary>
    public float? Bound { get; init; }

    /// <summary>How accepted rows are found; null lets the cheapest be chosen. A walk that falls short still ends in a scan.
    /// Ignored by searches without an accept set.</summary>
    public SearchStrategy? Strategy { get; init; }

    /// <summary>Ends the search with the best so far, within one expansion of a walk or a few hundred rows of a scan.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>Rows scored and estimated after which the search ends with the best so far; 0 sets no ceiling.</summary>
    public int MaxScored { get; init; }

    /// <summary>Sees the best so far from time to time.</summary>
    public ISearchObserver? Observer { get; init; }

    /// <summary>Expansions, or hundreds of scanned rows, between two looks of the observer.</summary>
    public int ObserveEvery { get; init; } = 16;
}
