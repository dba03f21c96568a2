using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Rerank;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Retrieval;

/// <summary>
/// Search.Retrieve: encodes, searches and reranks under one deadline, plans again after each stage with the time that is left, and says what it
/// left out.
/// </summary>
internal sealed class Retriever(ServerState server, SearchRunner runner)
{
    private readonly SearchTexts _texts = new(server.Texts);

    public async ValueTask RunAsync(Wire.RetrieveRequest request, CallContext context, ReplyStream<Wire.RetrieveFrame> replies)
    {
        RetrieveOrder order = RetrieveMap.Read(request, context);
        var time = new StageClock(request.Split, () => Left(request, order, context), server.Time);
        var report = new StageReport();
        PairScorer? scorer = await FindScorerAsync(request, order, report, context).ConfigureAwait(false);
        RetrievalPlan plan = Plan(order, scorer, time, report);
        SearchOrder search = order.Search.Taking(plan.Candidates);
        search = await EncodeAsync(search, time, context).ConfigureAwait(false);
        long predicted = runner.Predict(search);
        var frames = new RetrieveFrames(context, request.Form);
        TimeSpan forSearch = time.ForSearch(predicted, isLast: plan.Depth == 0);
        await replies.WriteAsync(frames.Plan(search, plan, predicted, Split(time, forSearch, plan))).ConfigureAwait(false);
        SearchAnswer answer = await time.SearchAsync(
            () => runner.RunAsync(search with { Budget = context.Elapsed + forSearch }, context)).ConfigureAwait(false);
        if (answer.RanOut)
        {
            report.SearchRanOut((float)answer.Result.Hits.Count / plan.Candidates);
        }
        var hits = new RankedHits(search, answer, order);
        if (frames.HasResults)
        {
            await replies.WriteAsync(frames.Found(hits.Found(), search, isFinal: plan.Depth == 0)).ConfigureAwait(false);
        }
        (RerankRun? run, RerankOutcome? outcome) = plan.Depth == 0 || scorer is null
            ? (null, null)
            : await RerankAsync(order, answer, scorer, hits, frames, time, report, context, replies).ConfigureAwait(false);
        var parts = new RetrieveParts(order, search, answer, hits, run?.Board, outcome, scorer, report, time);
        await replies.WriteAsync(new Wire.RetrieveFrame { Reply = RetrieveReplies.Reply(parts, context) }).ConfigureAwait(false);
    }

    private async ValueTask<SearchOrder> EncodeAsync(SearchOrder search, StageClock time, CallContext context)
    {
        if (!search.NeedsEncoding)
        {
            return search;
        }
        TimeSpan limit = time.ForEncode(runner.Predict(search));
        return await time.EncodeAsync(() => _texts.EncodeAsync(search, limit, context, context.Cancellation)).ConfigureAwait(false);
    }

    private async Task<(RerankRun Run, RerankOutcome? Outcome)> RerankAsync(
        RetrieveOrder order, SearchAnswer answer, PairScorer scorer, RankedHits hits, RetrieveFrames frames, StageClock time, StageReport report,
        CallContext context, ReplyStream<Wire.RetrieveFrame> replies)
    {
        Wire.RerankCandidate[] candidates = [.. answer.Result.Hits.Select(static hit => new Wire.RerankCandidate { Id = IdMap.Write(hit.Id) })];
        RerankOrder rerank = order.Rerank with { Count = candidates.Length, Depth = Math.Min(order.Rerank.Depth, candidates.Length) };
        TimeSpan end = context.Elapsed + time.ForRerank();
        var run = new RerankRun(
            rerank, new CandidateTexts(candidates, context, order.TextField!), scorer, server.PairCosts, () => end - context.Elapsed, server.Time);
        try
        {
            RerankOutcome outcome = await time.RerankAsync(() => new Reranking(run, hits, order, frames).RunAsync(replies, context.Cancellation)).ConfigureAwait(false);
            if (order.Mode == Wire.RerankMode.Required && outcome is { Board.Scored: 0, End: RerankEnd.Deadline or RerankEnd.PredictedLate })
            {
                throw RerankErrors.Late((long)outcome.Time.TotalMicroseconds, Math.Max(0, (long)(end - context.Elapsed).TotalMicroseconds));
            }
            report.Reranked(outcome, rerank.Depth);
            return (run, outcome);
        }
        catch (RpcException failed) when (order.Mode == Wire.RerankMode.Auto && order.MayBePartial && failed.Code == StatusCode.Unavailable)
        {
            report.RerankFailed(failed, run.Board, rerank.Depth);
            return (run, null);
        }
    }

    /// <returns>Null where there is nothing to rerank with, or nothing to rerank; the report says which, unless reranking is off.</returns>
    private async ValueTask<PairScorer?> FindScorerAsync(Wire.RetrieveRequest request, RetrieveOrder order, StageReport report, CallContext context)
    {
        if (order.Mode == Wire.RerankMode.Off)
        {
            return null;
        }
        if (order.TextField is null)
        {
            report.NoText();
            return null;
        }
        try
        {
            return await PairScorer.FindAsync(server.Encoders, order.Rerank, context, context.Cancellation).ConfigureAwait(false);
        }
        catch (RpcException none) when (order.Mode == Wire.RerankMode.Auto && order.Rerank.Model.Length == 0 && none.Reason == Reasons.NameOf(Wire.ErrorReason.ModelUnknown))
        {
            report.NoModel();
            return null;
        }
        catch (RpcException away) when (order.Mode == Wire.RerankMode.Auto && away.Code == StatusCode.Unavailable)
        {
            report.RerankFailed(away, null, 1);
            return null;
        }
    }

    private RetrievalPlan Plan(RetrieveOrder order, PairScorer? scorer, StageClock time, StageReport report)
    {
        if (scorer is null)
        {
            return RetrievalPlan.Of(order, reranks: false, 0, TimeSpan.Zero);
        }
        long before = runner.Predict(order.Search) + order.Search.Components.Sum(c => c.Text is { } text ? server.Texts.Predict(c.Vector!, text) : 0);
        TimeSpan rest = time.ForRerankAfter(before);
        double pair = server.PairCosts.Predict(scorer.CostName, order.Rerank.Query.Length + RoundPolicy.TypicalBytes);
        RetrievalPlan plan = RetrievalPlan.Of(order, reranks: true, pair, rest);
        if (plan.Depth == 0)
        {
            // Whichever of them left no time: what is refused is not measured.
            server.PairCosts.Doubted(scorer.CostName);
            foreach (SearchComponent component in order.Search.Components.Where(static c => c.Text is not null))
            {
                server.Texts.Doubted(component.Vector!);
            }
            if (order.Mode == Wire.RerankMode.Required || !order.MayBePartial)
            {
                throw RerankErrors.Late((long)pair, (long)rest.TotalMicroseconds);
            }
            report.RerankTooLate();
        }
        return plan;
    }

    /// <summary>The time each stage was given; encoding is over when this is told.</summary>
    private static Wire.BudgetSplit Split(StageClock time, TimeSpan forSearch, RetrievalPlan plan) => new()
    {
        EncodeMicros = time.Taken.EncodeMicros,
        SearchMicros = Saturated(forSearch),
        RerankMicros = plan.Depth == 0 ? 0 : Saturated(time.ForRerankAfter((long)forSearch.TotalMicroseconds)),
    };

    // A call without a deadline has the server's, so there always is one.
    private static TimeSpan Left(Wire.RetrieveRequest request, RetrieveOrder order, CallContext context) =>
        CallTime.Left(context, request.Budget, order.MayBePartial) is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private static uint Saturated(TimeSpan time) => (uint)Math.Clamp((long)time.TotalMicroseconds, 0, uint.MaxValue);
}
