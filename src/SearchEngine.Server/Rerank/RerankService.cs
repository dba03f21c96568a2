using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Rerank;

/// <summary>searchengine.v1.Rerank.</summary>
internal sealed class RerankService(ServerState server)
{
    public async ValueTask<Wire.RerankReply> Rerank(Wire.RerankRequest request, ServerCall call)
    {
        CallContext context = Begin(request, call);
        return await Serving.UnaryAsync(context, async cancel =>
        {
            (RerankOrder order, CandidateTexts texts, PairScorer scorer) = await PrepareAsync(request, context, cancel).ConfigureAwait(false);
            RerankOutcome outcome = await Run(request, order, texts, scorer, context).RunAsync(null, cancel).ConfigureAwait(false);
            return RerankReplies.Reply(request, order, outcome, scorer, texts, context);
        }).ConfigureAwait(false);
    }

    public async ValueTask RerankStream(Wire.RerankRequest request, ReplyStream<Wire.RerankFrame> replies, ServerCall call)
    {
        CallContext context = Begin(request, call);
        await Serving.UnaryAsync(context, async cancel =>
        {
            (RerankOrder order, CandidateTexts texts, PairScorer scorer) = await PrepareAsync(request, context, cancel).ConfigureAwait(false);
            RerankRun run = Run(request, order, texts, scorer, context);
            await replies.WriteAsync(RerankReplies.Started(order, run.Foresee(), scorer, context)).ConfigureAwait(false);
            using var progress = new RerankProgress();
            Task<RerankOutcome> scoring = Task.Run(() => ScoreAsync(run, progress, cancel), cancel);
            try
            {
                while (await progress.NextAsync(cancel).ConfigureAwait(false) is { } round)
                {
                    await replies.WriteAsync(RerankReplies.Round(round, request, order, context)).ConfigureAwait(false);
                }
            }
            finally
            {
                // The request is the call's: nobody may read it once it returns.
                await ((Task)scoring).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            RerankOutcome outcome = await scoring.ConfigureAwait(false);
            await replies.WriteAsync(new Wire.RerankFrame { Reply = RerankReplies.Reply(request, order, outcome, scorer, texts, context) }).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    private CallContext Begin(Wire.RerankRequest request, ServerCall call)
    {
        bool readsPoints = request.Candidates.Any(static candidate => candidate.Text.Length == 0);
        return readsPoints || request.Header is { Collection.Length: > 0 }
            ? CallContext.Of(server, call, request.Header)
            : CallContext.Without(call, request.Header);
    }

    private async Task<(RerankOrder Order, CandidateTexts Texts, PairScorer Scorer)> PrepareAsync(
        Wire.RerankRequest request, CallContext context, CancellationToken cancel)
    {
        RerankOrder order = RerankMap.Read(request);
        bool readsPoints = request.Candidates.Any(static candidate => candidate.Text.Length == 0);
        string field = readsPoints ? RerankMap.TextField(request.Options, context.Schema, order.OptionsPath) : "";
        return (order, new CandidateTexts(request.Candidates, context, field), await PairScorer.FindAsync(server.Encoders, order, context, cancel).ConfigureAwait(false));
    }

    private RerankRun Run(Wire.RerankRequest request, RerankOrder order, CandidateTexts texts, PairScorer scorer, CallContext context) =>
        new(order, texts, scorer, server.PairCosts, () => CallTime.Left(context, request.Budget, order.MayBePartial), server.Time);

    private static async Task<RerankOutcome> ScoreAsync(RerankRun run, RerankProgress progress, CancellationToken cancel)
    {
        try
        {
            return await run.RunAsync(progress.Add, cancel).ConfigureAwait(false);
        }
        finally
        {
            progress.End();
        }
    }
}
