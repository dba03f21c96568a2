using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Spaces;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>Builds replies: hits with what was asked for, and how, how well and at what cost they were found.</summary>
internal static class SearchReplies
{
    /// <summary>Documents scanned because they are in no graph yet, from which on the caller is told.</summary>
    private const int MuchUnindexed = 4_096;

    public static Wire.SearchReply Build(SearchOrder order, SearchAnswer answer, CallContext context, int limit)
    {
        Engine.SearchResult result = answer.Result;
        bool isDamaged = context.Collection.Damage.Count > 0;
        var reply = new Wire.SearchReply
        {
            Header = Header(order, answer, context, isDamaged),
            Complete = result.IsComplete && !isDamaged,
            IncompleteReason = answer.RanOut
                ? Wire.IncompleteReason.Time
                : !result.IsComplete ? Wire.IncompleteReason.WalkLimit : isDamaged ? Wire.IncompleteReason.Quarantine : default,
            ScoreKind = order.ScoreKind,
            Plan = PlanOf(order, answer),
            Recall = answer.RanOut ? new Wire.RecallEstimate { Basis = Wire.RecallBasis.None } : PlanMap.Write(result.Recall),
        };
        if (FingerprintOf(order) is { } fingerprint)
        {
            reply.Fingerprint = fingerprint;
        }
        reply.TextUse = TextUseOf(order);
        for (int i = 0; i < result.Hits.Count; i++)
        {
            Wire.Hit hit = Hit(order, context.Schema, result.Hits[i], answer.Documents.Count > 0 ? answer.Documents[i] : null);
            if (order.HasComponents || answer.Fused is not null)
            {
                hit.Components.Add(HitComponents.Of(order, answer, i));
            }
            reply.Hits.Add(hit);
        }
        ReplyShortening.Fit(reply, limit);
        return reply;
    }

    /// <summary>A hit without its components.</summary>
    public static Wire.Hit Hit(SearchOrder order, CollectionSchema schema, Engine.Hit found, Document? document)
    {
        var hit = new Wire.Hit { Id = IdMap.Write(found.Id), Score = found.Score };
        if (document is not null && order.Parts is { } parts)
        {
            hit.Point = new Wire.Point();
            DocumentMap.WriteParts(document, schema, parts, hit.Point);
        }
        return hit;
    }

    public static Wire.Cost CostOf(SearchAnswer answer) => new()
    {
        NodesVisited = (ulong)answer.Result.Plan.Hops,
        RowsScored = (ulong)answer.Result.Plan.Scored,
        RowsRescored = (ulong)answer.Result.Plan.Rescored,
        CpuMicros = (ulong)Math.Max(0, answer.Micros),
        PredictedCpuMicros = (ulong)answer.Ticket.PredictedMicros,
    };

    /// <summary>How the search ran; of several queries, each.</summary>
    public static Wire.Plan PlanOf(SearchOrder order, SearchAnswer answer)
    {
        Wire.Plan plan = PlanMap.Write(answer.Result.Plan);
        for (int i = 0; i < (answer.Fused?.Parts.Count ?? 0); i++)
        {
            Wire.Plan component = PlanMap.Write(answer.Fused!.Parts[i].Plan);
            if (FingerprintOf(order.Components[i]) is { } fingerprint)
            {
                component.Fingerprint = fingerprint;
            }
            plan.Components.Add(component);
        }
        return plan;
    }

    /// <summary>Who made the vectors that are searched; null where nobody said, and for several queries, whose plans say it.</summary>
    public static Wire.Fingerprint? FingerprintOf(SearchOrder order) =>
        order.Request is Engine.HybridRequest ? null : FingerprintOf(order.Components[0]);

    /// <summary>What the encoder read of the text; of several, of the first.</summary>
    public static Wire.TextUse? TextUseOf(SearchOrder order)
    {
        for (int i = 0; i < order.Components.Count; i++)
        {
            if (order.Components[i].Encoded is { } encoded)
            {
                return encoded.Use;
            }
        }
        return null;
    }

    /// <summary>What the search took and met on its way.</summary>
    public static Wire.ReplyHeader Header(SearchOrder order, SearchAnswer answer, CallContext context, bool isDamaged)
    {
        Engine.SearchResult result = answer.Result;
        Wire.ReplyHeader header = context.ReplyHeader(result.Sequence);
        // The context's own would be shared by the searches of a batch.
        var timings = new Wire.Timings();
        header.Timings = timings;
        timings.AdmitMicros = Saturated(answer.Ticket.WaitedMicros);
        timings.PlanMicros = Saturated((long)result.PlanTime.TotalMicroseconds);
        timings.WalkMicros = Saturated((long)result.SearchTime.TotalMicroseconds);
        timings.FetchMicros = order.Parts is null
            ? 0
            : Saturated(answer.Micros - (long)(result.PlanTime + result.SearchTime).TotalMicroseconds);
        if (answer.Fused is { } fused)
        {
            timings.FuseMicros = Saturated((long)fused.FusionTime.TotalMicroseconds);
            timings.WalkMicros = Saturated((long)(result.SearchTime - fused.FusionTime).TotalMicroseconds);
        }
        timings.TotalMicros = Saturated((long)context.Elapsed.TotalMicroseconds);
        header.Cost = CostOf(answer);
        for (int i = 0; i < order.Components.Count; i++)
        {
            ReportOn(order, i, header);
        }
        if (isDamaged)
        {
            header.Degradation = Wire.Degradation.Quarantine;
            Warn(header, Wire.WarningKind.Quarantined, "", "Part of the collection is set aside as damaged; the answer does not cover it.");
        }
        if (result.Recall.Basis == Engine.RecallBasis.OutOfCalibration)
        {
            Warn(header, Wire.WarningKind.OutOfCalibration, "", "The recall was not measured for all that was searched.");
        }
        if (result.Plan.Unindexed > MuchUnindexed)
        {
            Warn(header, Wire.WarningKind.UnindexedTail, "", $"{result.Plan.Unindexed} recent points are in no graph yet and were scanned.");
        }
        return header;
    }

    private static void ReportOn(SearchOrder order, int at, Wire.ReplyHeader header)
    {
        SearchComponent component = order.Components[at];
        if (component.Encoded is { } encoded)
        {
            SearchTexts.Report(component.Text!, encoded, header);
        }
        if (component.Vector is { Space: null })
        {
            string path = order.Request is Engine.HybridRequest ? $"{HybridMap.PathOf(at)}.query.origin" : "query.origin";
            Warn(header, Wire.WarningKind.SpaceUnbound, path, "The vector is bound to no encoder space: vectors of a wrong model cannot be noticed.");
        }
    }

    private static Wire.Fingerprint? FingerprintOf(SearchComponent component) => component.Encoded?.Fingerprint.Clone()
        ?? (component.Vector is { } vector && BoundSpace.Of(vector) is { } bound ? new Wire.Fingerprint { Space = bound.Id } : null);

    private static void Warn(Wire.ReplyHeader header, Wire.WarningKind kind, string field, string message) =>
        header.Warnings.Add(new Wire.Warning { Kind = kind, Field = field, Message = message });

    private static uint Saturated(long micros) => (uint)Math.Clamp(micros, 0, uint.MaxValue);
}
