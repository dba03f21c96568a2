using SearchEngine.Rpc;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Evaluation.Ranking;

/// <summary>A judged query as a search that is ready to run, or the reason why it cannot.</summary>
internal sealed record PreparedQuery(Wire.JudgedQuery Judged, SearchOrder? Order, RpcException? Error);
