namespace SearchEngine.Server.Rerank;

/// <summary>How a rerank ended.</summary>
/// <param name="Time">In the rerank model, waiting for it included.</param>
/// <param name="Tokens">That the model read of the texts.</param>
internal sealed record RerankOutcome(RerankBoard Board, RerankEnd End, int Rounds, TimeSpan Time, long Tokens);
