using SearchEngine.Rpc;

namespace SearchEngine.Server.Search;

/// <summary>An answer, or why the search was refused before it was begun.</summary>
internal readonly record struct SearchOutcome(SearchAnswer? Answer, RpcException? Refusal);
