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

    /// <summary>Hits of the longest reply that is kept for the next search of a thread.</summary>
    private const int MostRentedHits = 100;

    /// <summary>A reply to the call's own search; where hits are ids and scores, as they mostly are, its messages are used again.</summary>
    public static Wire.SearchReply Build(SearchOrder order, SearchAnswer answer, CallContext context) => Fill(
        order.Parts is null && !order.HasComponents && answer.Fused is null && answer.Result.Hits.Count <= MostRentedHits ? context.Call.RentReply<Wire.SearchReply>() : new Wire.SearchReply(),
        order, answer, context, context.ReplyLimit);

    public static Wire.SearchReply Build(SearchOrder order, SearchAnswer answer, CallContext context, int limit) =>
        Fill(new Wire.SearchReply(), order, answer, context, limit);

    /// <summary>A hit without its components.</summary>
    public static Wire.Hit Hit(SearchOrder order, CollectionSchema schema, Engine.Hit found, Document? document) =>
        Fill(new Wire.Hit(), order, schema, found, document);

    // Every field is set: a rented reply holds what another caller was told.
    private static Wire.SearchReply Fill(Wire.SearchReply reply, SearchOrder order, SearchAnswer answer, CallContext context, int limit)
    {
        Engine.SearchResult result = answer.Result;
        bool isDamaged = context.Collection.Damage.Count > 0;
        reply.Header = Header(order, answer, context, isDamaged);
        reply.Complete = result.IsComplete && !isDamaged;
        reply.IncompleteReason = answer.RanOut
            ? Wire.IncompleteReason.Time
            : !result.IsComplete ? Wire.IncompleteReason.WalkLimit : isDamaged ? Wire.IncompleteReason.Quarantine : default;
        reply.ScoreKind = order.ScoreKind;
        reply.Plan = PlanOf(order, answer);
        reply.Recall = answer.RanOut ? new Wire.RecallEstimate { Basis = Wire.RecallBasis.None } : PlanMap.Write(result.Recall);
        reply.Fingerprint = FingerprintOf(order);
        reply.TextUse = TextUseOf(order);
        reply.Grouped = null;
        while (reply.Hits.Count > result.Hits.Count)
        {
            reply.Hits.RemoveAt(reply.Hits.Count - 1);
        }
        for (int i = 0; i < result.Hits.Count; i++)
        {
            if (i == reply.Hits.Count)
            {
                reply.Hits.Add(new Wire.Hit());
            }
            Fill(reply.Hits[i], order, context.Schema, result.Hits[i], answer.Documents.Count > 0 ? answer.Documents[i] : null);
            if (order.HasComponents || answer.Fused is not null)
            {
                reply.Hits[i].Components.Add(HitComponents.Of(order, answer, i));
            }
        }
        ReplyShortening.Fit(reply, limit);
        return reply;
    }

    private static Wire.Hit Fill(Wire.Hit hit, SearchOrder order, CollectionSchema schema, Engine.Hit found, Document? document)
    {
        IdMap.Write(found.Id, hit.Id ??= new Wire.Id());
        (hit.Score, hit.ScoreKind, hit.Point, hit.Passage) = (found.Score, default, null, null);
        hit.Components.Clear();
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
        // The context's own would be shared by the searches of a batch.
        var timings = new Wire.Timings();
        Wire.ReplyHeader header = context.ReplyHeader(result.Sequence, timings, CostOf(answer));
        timings.AdmitMicros = Saturated(answer.Ticket.WaitedMicros + (long)context.Waited.TotalMicroseconds);
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
