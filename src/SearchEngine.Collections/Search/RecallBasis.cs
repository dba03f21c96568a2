namespace SearchEngine.Collections.Search;

/// <summary>What a recall estimate rests on.</summary>
public enum RecallBasis
{
    /// <summary>No estimate.</summary>
    None,

    /// <summary>Every match was scored exactly.</summary>
    Exact,

    /// <summary>Measured on sampled queries when the segments were made.</summary>
    Calibrated,

    /// <summary>Measured, but this query looks unlike the sampled ones, or much has changed since.</summary>
    OutOfCalibration,
}
