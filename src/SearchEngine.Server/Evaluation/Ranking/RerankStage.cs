using SearchEngine.Collections.Documents;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Rerank;

namespace SearchEngine.Server.Evaluation.Ranking;

/// <summary>Reranks the first hits of a search, as Search.Retrieve orders them: by the new score, then the rest as the first stage had them.</summary>
/// <param name="candidates">So many of the first hits are given to the model.</param>
/// <param name="path">Of the options within the request.</param>
internal sealed class RerankStage(ServerState server, Wire.RerankOptions options, int candidates, string path)
{
    /// <summary>What the options mean where they state no depth.</summary>
    public static int CandidatesOf(Wire.RerankOptions options) => options.Depth == 0 ? EvaluationLimits.DefaultRerankCandidates : (int)options.Depth;

    /// <summary>Finds what is wrong with the options before anything is searched.</summary>
    public static void Check(Wire.RerankOptions options, CallContext context, string path)
    {
        RerankMap.Read(options, "", EvaluationLimits.MaxRerankCandidates, Wire.Truncation.Head, path);
        RerankMap.TextField(options, context.Schema, path);
    }

    /// <param name="text">The query.</param>
    /// <param name="found">Of the first stage.</param>
    public async Task<RankedQuery> RunAsync(string text, RankedQuery found, CallContext context)
    {
        TextCheck.Query(text, "text");
        if (found.Hits.Count == 0)
        {
            return found;
        }
        Wire.RerankCandidate[] given = [.. found.Hits.Take(candidates).Select(static hit => new Wire.RerankCandidate { Id = IdMap.Write(hit.Id) })];
        RerankOrder order = RerankMap.Read(options, text, given.Length, Wire.Truncation.Head, path);
        var texts = new CandidateTexts(given, context, RerankMap.TextField(options, context.Schema, path));
        PairScorer scorer = await PairScorer.FindAsync(server.Encoders, order, context, context.Cancellation).ConfigureAwait(false);
        var run = new RerankRun(order, texts, scorer, server.PairCosts, () => context.Remaining, server.Time);
        RerankOutcome outcome = await run.RunAsync(null, context.Cancellation).ConfigureAwait(false);
        int[] ranked = outcome.Board.Order(order.MinScore);
        (DocumentId, float)[] first = [.. ranked.Where(i => IsScored(outcome.Board[i])).Select(i => (found.Hits[i].Id, outcome.Board[i].Score))];
        (DocumentId, float)[] rest = [.. ranked.Where(i => !IsScored(outcome.Board[i])).Order().Select(i => found.Hits[i]), .. found.Hits.Skip(given.Length)];
        return new RankedQuery([.. first, .. rest], found.Micros + (long)outcome.Time.TotalMicroseconds, found.Fingerprint, scorer.Fingerprint);
    }

    private static bool IsScored(RankedCandidate candidate) => candidate.State == Wire.CandidateState.Scored;
}
