using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Evaluation.Judged;
using SearchEngine.Server.Evaluation.Measuring;
using SearchEngine.Server.Evaluation.Mining;
using SearchEngine.Server.Evaluation.Sweeping;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Evaluation;

/// <summary>searchengine.v1.Evaluation: everything waits in the bulk lane, whatever the header says.</summary>
internal sealed class EvaluationService(ServerState server, SearchRunner runner)
{
    private readonly JudgementCalls _judgements = new(server);

    public async ValueTask<Wire.LoadJudgementsReply> LoadJudgements(RequestStream<Wire.LoadJudgementsRequest> requests, ServerCall call)
    {
        Wire.JudgementsHeader header = await JudgementReader.ReadHeaderAsync(requests).ConfigureAwait(false);
        CallContext context = Begin(call, header.Header);
        return await Serving.RunAsync(context, () => _judgements.LoadAsync(context, header, requests)).ConfigureAwait(false);
    }

    public ValueTask<Wire.ListJudgementsReply> ListJudgements(Wire.ListJudgementsRequest request, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        return Serving.RunAsync(context, () => Task.FromResult(_judgements.List(context)));
    }

    public ValueTask<Wire.DeleteJudgementsReply> DeleteJudgements(Wire.DeleteJudgementsRequest request, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        return Serving.RunAsync(context, () => Task.FromResult(_judgements.Delete(context, request.Name)));
    }

    public async ValueTask Evaluate(Wire.EvaluateRequest request, ReplyStream<Wire.EvaluateFrame> replies, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        await Serving.RunAsync(context, async () =>
        {
            await new EvaluateRun(server, runner, context).RunAsync(request, replies).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    public async ValueTask Sweep(Wire.SweepRequest request, ReplyStream<Wire.SweepFrame> replies, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        await Serving.RunAsync(context, async () =>
        {
            await new SweepRun(server, runner, context).RunAsync(request, replies).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    public async ValueTask Pool(Wire.PoolRequest request, ReplyStream<Wire.PoolFrame> replies, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        await Serving.RunAsync(context, async () =>
        {
            await new PoolRun(server, runner, context).RunAsync(request, replies).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    public async ValueTask MineNegatives(Wire.MineNegativesRequest request, ReplyStream<Wire.MineNegativesFrame> replies, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        await Serving.RunAsync(context, async () =>
        {
            await new MineRun(server, runner, context).RunAsync(request, replies).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    private CallContext Begin(ServerCall call, Wire.RequestHeader? header)
    {
        Wire.RequestHeader? bulk = header?.Clone();
        if (bulk is not null)
        {
            bulk.Lane = Wire.Lane.Bulk;
        }
        return CallContext.Of(server, call, bulk);
    }
}
