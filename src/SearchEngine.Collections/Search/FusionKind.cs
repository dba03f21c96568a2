namespace SearchEngine.Collections.Search;

/// <summary>How the rankings of several queries become one.</summary>
public enum FusionKind
{
    /// <summary>Reciprocal ranks: the sum of weight / (constant + rank). Scores do not matter, so they need not be comparable.</summary>
    ReciprocalRank,

    /// <summary>The weighted sum of scores, those of each query scaled to 0..1 (<see cref="ScoreScaling"/>).</summary>
    Convex,
}
