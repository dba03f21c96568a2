namespace SearchEngine.Collections.Search;

/// <summary>How the scores of a query are brought to 0..1, so that those of several queries can be summed.</summary>
public enum ScoreScaling
{
    /// <summary>Between its last and its first hit.</summary>
    Range,

    /// <summary>Between what such scores can be at all: hits do not depend on each other, and the last one is not worth nothing.</summary>
    Bounds,
}
