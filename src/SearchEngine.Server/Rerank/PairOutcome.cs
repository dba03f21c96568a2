using SearchEngine.Rpc;

namespace SearchEngine.Server.Rerank;

/// <summary>What a rerank model made of one text: a score, or an error of its own.</summary>
internal readonly record struct PairOutcome(float Score, Wire.TextUse? Use, RpcException? Error);
