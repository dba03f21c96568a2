namespace SearchEngine.Server.Rerank;

/// <summary>Why a rerank came to its end.</summary>
internal enum RerankEnd
{
    /// <summary>Every candidate within the depth was scored or failed.</summary>
    Complete,

    /// <summary>The time was over in the middle of a round.</summary>
    Deadline,

    /// <summary>The next pair would not have been in time.</summary>
    PredictedLate,

    /// <summary>The top had not changed for as many rounds as were asked for.</summary>
    Stable,
}
