namespace SearchEngine.Server.Search.Streaming;

/// <summary>What is known of a search when its filter is evaluated.</summary>
internal sealed record PlannedSearch(long Matches, int Segments, ulong Sequence);
