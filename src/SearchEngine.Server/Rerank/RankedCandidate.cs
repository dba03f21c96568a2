using SearchEngine.Rpc;

namespace SearchEngine.Server.Rerank;

/// <summary>A candidate and what became of it.</summary>
/// <param name="Index">In the request.</param>
/// <param name="Score">Only where it was scored.</param>
internal readonly record struct RankedCandidate(int Index, Wire.CandidateState State, float Score, Wire.TextUse? Use, RpcException? Error);
