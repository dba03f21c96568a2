namespace SearchEngine.Collections.Calibrations;

/// <summary>Where the queries of a calibration came from.</summary>
public enum QueryOrigin
{
    /// <summary>Documents, moved as far as neighbours are apart.</summary>
    Points,

    /// <summary>What callers have asked.</summary>
    Traffic,

    /// <summary>A set of judgements.</summary>
    Judgements,
}
