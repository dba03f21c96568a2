using SearchEngine.Rpc;

namespace SearchEngine.Server.Encoders;

/// <summary>What became of one text of a batch: a vector, or an error of its own.</summary>
internal readonly record struct TextOutcome(EncodedQuery? Encoded, RpcException? Error);
