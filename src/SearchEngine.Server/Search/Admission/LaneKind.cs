namespace SearchEngine.Server.Search.Admission;

/// <summary>The queue that work waits in.</summary>
internal enum LaneKind
{
    /// <summary>Somebody waits for the answer.</summary>
    Interactive,

    /// <summary>Throughput matters, latency does not.</summary>
    Bulk,
}
