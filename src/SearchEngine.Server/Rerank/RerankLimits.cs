namespace SearchEngine.Server.Rerank;

/// <summary>Limits of reranking, as the contract states them.</summary>
internal static class RerankLimits
{
    public const int MaxCandidates = 1_000;
    public const int MaxStableRounds = 100;

    /// <summary>Stored texts read at once: enough for a round, few enough to hold.</summary>
    public const int ReadAtOnce = 16;
}
