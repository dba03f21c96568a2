using SearchEngine.Rpc;

namespace SearchEngine.Server.Rerank;

/// <summary>The text of a candidate, or why there is none.</summary>
internal readonly record struct CandidateText(string? Text, RpcException? Error);
