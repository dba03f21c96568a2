using SearchEngine.Rpc;

namespace SearchEngine.Server.Rerank;

/// <summary>A rerank model, for one query.</summary>
internal interface IPairScorer
{
    /// <summary>The name under which its costs are learned.</summary>
    string CostName { get; }

    /// <summary>The model that scores.</summary>
    Wire.Fingerprint Fingerprint { get; }

    /// <summary>What the model read of the query; null until the first call has been answered.</summary>
    Wire.TextUse? QueryUse { get; }

    /// <param name="left">Time that is left; null for ever.</param>
    /// <returns>One outcome per document, in their order.</returns>
    /// <exception cref="RpcException">Nothing was scored: DEADLINE, ENCODER_DOWN, a query that is too long.</exception>
    Task<PairOutcome[]> ScoreAsync(IReadOnlyList<string> documents, TimeSpan? left, CancellationToken cancel);
}
