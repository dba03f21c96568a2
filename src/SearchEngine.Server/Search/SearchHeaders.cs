using SearchEngine.Server.Calls;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>Headers of replies: what a search took and met on its way. They write over headers that were used before.</summary>
internal static class SearchHeaders
{
    /// <summary>Documents scanned because they are in no graph yet, from which on the caller is told.</summary>
    private const int MuchUnindexed = 4_096;

    private const string UnboundMessage = "The vector is bound to no encoder space: vectors of a wrong model cannot be noticed.";

    /// <summary>Of a search by one query. Every reply of a collection without a space has it, and nobody changes it.</summary>
    private static readonly Wire.Warning Unbound = WarningOf(Wire.WarningKind.SpaceUnbound, "query.origin", UnboundMessage);

    public static Wire.ReplyHeader Of(SearchOrder order, SearchAnswer answer, CallContext context, bool isDamaged)
    {
        var header = new Wire.ReplyHeader();
        Write(order, answer, context, isDamaged, header);
        return header;
    }

    /// <param name="header">Gets all that is to be said, whatever it held.</param>
    public static void Write(SearchOrder order, SearchAnswer answer, CallContext context, bool isDamaged, Wire.ReplyHeader header)
    {
        context.Write(header, answer.Result.Sequence);
        // The context's own would be shared by the searches of a batch.
        Write(answer, header.Cost ??= new Wire.Cost());
        Write(order, answer, context.Waited, context.Elapsed, header.Timings ??= new Wire.Timings());
        for (int i = 0; i < order.Components.Count; i++)
        {
            ReportOn(order, i, header);
        }
        if (order.Late is { Field.Space: null })
        {
            header.Warnings.Add(WarningOf(Wire.WarningKind.SpaceUnbound, $"{MultiMap.LateName}.origin", UnboundMessage));
        }
        Warn(answer.Result, context.Caller, isDamaged, header);
    }

    public static Wire.Cost CostOf(SearchAnswer answer)
    {
        var cost = new Wire.Cost();
        Write(answer, cost);
        return cost;
    }

    /// <param name="cost">Gets the cost, whatever it held.</param>
    public static void Write(SearchAnswer answer, Wire.Cost cost)
    {
        cost.NodesVisited = (ulong)answer.Result.Plan.Hops;
        cost.RowsScored = (ulong)answer.Result.Plan.Scored;
        cost.RowsRescored = (ulong)answer.Result.Plan.Rescored;
        cost.CpuMicros = (ulong)Math.Max(0, answer.Micros);
        cost.PredictedCpuMicros = (ulong)answer.Ticket.PredictedMicros;
        cost.BytesRead = cost.MajorFaults = cost.Tokens = 0;
    }

    /// <param name="waited">Before anything was done.</param>
    /// <param name="elapsed">Since the search arrived.</param>
    /// <param name="times">Gets the times, whatever it held.</param>
    public static void Write(SearchOrder order, SearchAnswer answer, TimeSpan waited, TimeSpan elapsed, Wire.Timings times)
    {
        Engine.SearchResult result = answer.Result;
        TimeSpan searched = result.PlanTime + result.SearchTime + result.LateTime, fusion = answer.Fused?.FusionTime ?? TimeSpan.Zero;
        times.TotalMicros = Saturated(elapsed);
        times.AdmitMicros = Saturated(TimeSpan.FromMicroseconds(answer.Ticket.WaitedMicros) + waited);
        times.PlanMicros = Saturated(result.PlanTime);
        times.WalkMicros = Saturated(result.SearchTime - fusion);
        times.FuseMicros = Saturated(fusion);
        times.RescoreMicros = Saturated(result.LateTime);
        times.FetchMicros = order.Parts is null ? 0 : Saturated(TimeSpan.FromMicroseconds(answer.Micros) - searched);
        times.EncodeWaitMicros = times.TokenizeMicros = times.EncodeMicros = times.RerankMicros = times.LogMicros = 0;
    }

    private static void ReportOn(SearchOrder order, int at, Wire.ReplyHeader header)
    {
        SearchComponent component = order.Components[at];
        if (component.Encoded is { } encoded)
        {
            SearchTexts.Report(component.Text!, encoded, header);
        }
        if (component.Field is { Space: null })
        {
            header.Warnings.Add(order.Request is Engine.HybridRequest
                ? WarningOf(Wire.WarningKind.SpaceUnbound, $"{HybridMap.PathOf(at)}.query.origin", UnboundMessage)
                : Unbound);
        }
    }

    private static void Warn(Engine.SearchResult result, Caller caller, bool isDamaged, Wire.ReplyHeader header)
    {
        if (isDamaged)
        {
            header.Degradation = Wire.Degradation.Quarantine;
            header.Warnings.Add(WarningOf(
                Wire.WarningKind.Quarantined, "", "Part of the collection is set aside as damaged; the answer does not cover it."));
        }
        if (result.Recall.Basis == Engine.RecallBasis.OutOfCalibration)
        {
            header.Warnings.Add(WarningOf(Wire.WarningKind.OutOfCalibration, "", "The recall was not measured for all that was searched."));
        }
        if (caller.SeesAll && result.Plan.Unindexed > MuchUnindexed)
        {
            header.Warnings.Add(WarningOf(
                Wire.WarningKind.UnindexedTail, "", $"{result.Plan.Unindexed} recent points are in no graph yet and were scanned."));
        }
    }

    private static Wire.Warning WarningOf(Wire.WarningKind kind, string field, string message) =>
        new() { Kind = kind, Field = field, Message = message };

    private static uint Saturated(TimeSpan time) => (uint)Math.Clamp(time.TotalMicroseconds, 0, uint.MaxValue);
}
