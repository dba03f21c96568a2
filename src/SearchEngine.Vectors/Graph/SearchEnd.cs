namespace SearchEngine.Vectors.Graph;

/// <summary>Why a search ended.</summary>
public enum SearchEnd
{
    /// <summary>Nothing was left to do.</summary>
    Complete,

    /// <summary>The ceiling on scored rows was reached; hits are the best until then.</summary>
    WorkCeiling,

    /// <summary>The caller cancelled; hits are the best until then.</summary>
    Cancelled,
}
