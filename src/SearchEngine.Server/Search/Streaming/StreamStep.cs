using SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search.Streaming;

/// <summary>What a stream sends next: the plan, the newest moment, or both.</summary>
internal sealed record StreamStep(PlannedSearch? Plan, (uint Revision, SearchMoment Moment)? Newest);
