using SearchEngine.Collections;
using SearchEngine.Collections.Calibrations;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Evaluation.Judged;
using SearchEngine.Server.Evaluation.Ranking;
using SearchEngine.Server.Search;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Collections.Calibrating;

/// <summary>Collections.Calibrate: measures with points, with what callers have asked, or with judged queries.</summary>
/// <param name="runner">Prepares judged queries as searches.</param>
internal sealed class Calibrations(ServerState server, SearchRunner runner)
{
    /// <summary>Queries of callers that are enough to measure with.</summary>
    private const int EnoughTraffic = 100;

    public async ValueTask RunAsync(CallContext context, Wire.CalibrateRequest asked, ReplyStream<Wire.CalibrateFrame> replies)
    {
        CalibrationOrder order = CalibrationOrder.Read(asked, context.Schema);
        Collection collection = context.Collection;
        LongOperations.Work work = server.Operations.Describe(collection.Name, Wire.OperationKind.Calibrate, order.Variant, "searching");
        VectorCalibration fitted = await Serving.RunAsync(context, async () =>
        {
            CalibrationRequest request = await RequestAsync(order, context).ConfigureAwait(false);
            return await work.FollowAsync(
                asked.OnDisconnect != Wire.DisconnectPolicy.Cancel,
                operation => collection.CalibrateAsync(request, operation, operation.Cancellation),
                progress => replies.WriteAsync(new Wire.CalibrateFrame { Progress = progress }), context.Cancellation).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await replies.WriteAsync(new Wire.CalibrateFrame
        {
            Report = new Wire.CalibrateReport { Header = context.ReplyHeader(), Curve = CalibrationMap.Curve(fitted), Code = CalibrationMap.Code(fitted) },
        }).ConfigureAwait(false);
    }

    private async Task<CalibrationRequest> RequestAsync(CalibrationOrder order, CallContext context)
    {
        var request = new CalibrationRequest { VectorName = order.Vector.Name, Made = order.Queries, Counts = order.Counts };
        if (order.Source == Wire.QuerySource.Judgements)
        {
            return request with { Queries = await JudgedAsync(order, context).ConfigureAwait(false), Origin = QueryOrigin.Judgements };
        }
        float[][] sent = order.Source == Wire.QuerySource.Points ? [] : server.Traffic.Newest(context.Collection.Name, order.Vector, order.Queries);
        if (sent.Length >= EnoughTraffic)
        {
            return request with { Queries = sent, Origin = QueryOrigin.Traffic };
        }
        return order.Source != Wire.QuerySource.Traffic
            ? request
            : throw Refusal.Invalid(
                "source", $"Callers have sent {sent.Length} queries since the server was started; {EnoughTraffic} are needed.",
                "Use POINTS or JUDGEMENTS, or wait for more.", Refusal.Number(sent.Length), Refusal.Number(EnoughTraffic));
    }

    private async Task<float[][]> JudgedAsync(CalibrationOrder order, CallContext context)
    {
        JudgementSet set = new JudgementCalls(server).Find(context, order.Judgements).Set;
        var template = new Wire.SearchRequest { Query = new Wire.Query { VectorName = order.Vector.Name }, K = 1 };
        var configuration = new ConfigurationOrder("", context, template, null, 0, "");
        Wire.JudgedQuery[] queries = [.. set.Queries.Take(order.Queries)];
        if (queries.Length == 0)
        {
            throw Refusal.Invalid("judgements", "The set has no queries.", "Load some, or use another source.", order.Judgements);
        }
        PreparedQuery[] prepared = await new QueryRanker(server, runner, configuration, set.Origin).PrepareAsync(queries).ConfigureAwait(false);
        return [.. prepared.Select(query => ((Engine.SearchRequest)(query.Order ?? throw query.Error!).Request).Query.ToArray())];
    }
}
