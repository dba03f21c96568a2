namespace SearchEngine.Server.Search;

/// <summary>Limits of searches, as the contract states them.</summary>
internal static class SearchLimits
{
    public const int DefaultHits = 10;
    public const int MaxHits = 10_000;
    public const int MaxWindow = 50_000;
    public const int MaxBreadth = 4_096;
    public const float LeastTarget = 0.5f;
    public const float MostTarget = 0.999f;
    public const float MaxOversampling = 64;
    public const int MaxBatchItems = 1_000;
    public const uint MaxIntervalMicros = 60_000_000;

    /// <summary>Searches in flight on one pipeline beyond which nothing more is read from it.</summary>
    public const int MaxInFlight = 64;

    /// <summary>Hits an exact rank is looked for among.</summary>
    public const int MaxExplainedRank = SearchEngine.Collections.Search.SearchRequest.MaxHits;

    /// <summary>A search predicted to be shorter is over before a cancellation could reach it, and runs unwatched: walks that nobody may
    /// end are a quarter faster.</summary>
    public const long UnwatchedMicros = 500;
}
