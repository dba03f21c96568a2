using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Calls;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Encoder.Service;

/// <summary>Encoder.Score.</summary>
internal static class ScoreRpc
{
    public static async ValueTask<Wire.ScoreReply> RunAsync(EncoderState state, Wire.ScoreRequest request, ServerCall server)
    {
        using var call = new EncoderCall(server, request.Header);
        var plan = PairPlan.Read(state.Shelf, request);
        var run = CallRun.Admit(state, call, call.Lane == Wire.Lane.Bulk ? LaneKind.Bulk : LaneKind.Rerank);
        var (query, pairs) = Prepare(state, call, plan, request);
        var scores = await run.RunAsync(plan.Model, plan.Group, pairs, (results, row) => results.Score(row)).ConfigureAwait(false);
        var reply = new Wire.ScoreReply
        {
            Header = call.ReplyHeader(),
            ScoreKind = plan.Kind,
            Fingerprint = plan.Model.Fingerprint,
            Batch = run.Report,
            QueryUse = query is null ? null : new Wire.TextUse { TokensIn = (uint)query.Count, TokensUsed = (uint)query.Count },
        };
        reply.Scores.Add(plan.Kind == Wire.ScoreKind.Logit ? scores : scores.Select(Pooling.Sigmoid));
        reply.DocumentUses.Add(pairs.Select(TextUses.Of));
        return call.Sized(reply);
    }

    /// <summary>The pairs, and the query that all of them share; null where each has its own.</summary>
    private static (TokenSequence? Query, TokenSequence[] Pairs) Prepare(EncoderState state, EncoderCall call, PairPlan plan, Wire.ScoreRequest request)
    {
        var isQuery = request.Pairs.Count == 0;
        if (!isQuery && (request.Query.Length > 0 || request.Documents.Count > 0))
            throw Refusal.Invalid("pairs", "Both pairs and a query with documents are set.", "Set one of the two.");
        using var timed = new TokenizeTimer(state.Metrics, call.Timings);
        var query = isQuery ? PrepareQuery(plan, request) : null;
        var pairs = query is null ? PreparePairs(plan, request) : PrepareDocuments(plan, query, request);
        Truncations.Tell(state.Metrics, call, plan.Truncation, pairs, isQuery ? "documents" : "pairs");
        return (query, pairs);
    }

    private static TokenSequence PrepareQuery(PairPlan plan, Wire.ScoreRequest request)
    {
        TextChecks.CheckCount(request.Documents.Count, "documents");
        TextChecks.CheckTotal(request.Documents, TextLimits.PairBytes, "documents");
        return plan.PrepareQuery(request.Query, "query");
    }

    private static TokenSequence[] PrepareDocuments(PairPlan plan, TokenSequence query, Wire.ScoreRequest request) =>
        TextPreparation.All(request.Documents, "documents", (document, path) => plan.PreparePair(query, document, path));

    private static TokenSequence[] PreparePairs(PairPlan plan, Wire.ScoreRequest request)
    {
        TextChecks.CheckCount(request.Pairs.Count, "pairs");
        TextChecks.CheckTotal(request.Pairs.SelectMany(p => new[] { p.Query, p.Document }), TextLimits.PairBytes, "pairs");
        return TextPreparation.All(
            request.Pairs, "pairs",
            (pair, path) => plan.PreparePair(plan.PrepareQuery(pair.Query, $"{path}.query"), pair.Document, $"{path}.document"));
    }
}
