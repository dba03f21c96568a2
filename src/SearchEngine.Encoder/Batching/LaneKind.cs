namespace SearchEngine.Encoder.Batching;

/// <summary>Whose text it is, most urgent first: the order is that of the numbers.</summary>
internal enum LaneKind
{
    /// <summary>A query: somebody waits, and a search waits behind it.</summary>
    Query,

    /// <summary>Pairs to score and documents that somebody waits for.</summary>
    Rerank,

    /// <summary>Throughput matters, latency does not.</summary>
    Bulk,
}
