using System.Diagnostics.Metrics;

namespace SearchEngine.Server.Rerank;

/// <summary>What reranks come to. Costs a check each when nobody listens.</summary>
internal static class RerankMetrics
{
    private static readonly Meter Meter = new("SearchEngine.Server.Rerank");
    private static readonly Counter<long> Reranks = Meter.CreateCounter<long>("searchengine.server.reranks", "{rerank}", "Reranks by how they ended.");
    private static readonly Counter<long> Candidates = Meter.CreateCounter<long>("searchengine.server.rerank_candidates", "{candidate}", "Candidates by what became of them.");
    private static readonly Histogram<int> Rounds = Meter.CreateHistogram<int>("searchengine.server.rerank_rounds", "{round}", "Rounds of a rerank.");

    public static void Ended(RerankEnd end, RerankBoard board, int rounds)
    {
        Reranks.Add(1, new KeyValuePair<string, object?>("end", end.ToString()));
        Candidates.Add(board.Scored, new KeyValuePair<string, object?>("state", "scored"));
        Candidates.Add(board.Unscored, new KeyValuePair<string, object?>("state", "unscored"));
        Candidates.Add(board.Failed, new KeyValuePair<string, object?>("state", "failed"));
        Rounds.Record(rounds);
    }
}
