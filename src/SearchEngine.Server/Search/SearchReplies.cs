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

    private const string ComponentName = "dense";

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
            ScoreKind = PlanMap.KindOf(order.Vector.Metric),
            Plan = PlanMap.Write(result.Plan),
            Recall = answer.RanOut ? new Wire.RecallEstimate { Basis = Wire.RecallBasis.None } : PlanMap.Write(result.Recall),
        };
        if (FingerprintOf(order) is { } fingerprint)
        {
            reply.Fingerprint = fingerprint;
        }
        reply.TextUse = order.Encoded?.Use;
        for (int i = 0; i < result.Hits.Count; i++)
        {
            reply.Hits.Add(Hit(order, context.Schema, result.Hits[i], i, answer.Documents.Count > 0 ? answer.Documents[i] : null));
        }
        ReplyShortening.Fit(reply, limit);
        return reply;
    }

    /// <param name="position">Among the hits of the reply, from 0.</param>
    public static Wire.Hit Hit(SearchOrder order, CollectionSchema schema, Engine.Hit found, int position, Document? document)
    {
        var hit = new Wire.Hit { Id = IdMap.Write(found.Id), Score = found.Score };
        if (order.HasComponents)
        {
            hit.Components.Add(new Wire.ComponentScore
            {
                Name = ComponentName,
                Score = found.Score,
                Rank = (uint)(order.Request.Offset + position + 1),
                Contribution = found.Score,
                ScoreKind = PlanMap.KindOf(order.Vector.Metric),
            });
        }
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

    /// <summary>Who made the vectors that are searched; null where nobody said.</summary>
    public static Wire.Fingerprint? FingerprintOf(SearchOrder order) => order.Encoded?.Fingerprint.Clone()
        ?? (BoundSpace.Of(order.Vector) is { } bound ? new Wire.Fingerprint { Space = bound.Id } : null);

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
        timings.TotalMicros = Saturated((long)context.Elapsed.TotalMicroseconds);
        header.Cost = CostOf(answer);
        if (order.Encoded is { } encoded)
        {
            SearchTexts.Report(order.Text!, encoded, header);
        }
        if (isDamaged)
        {
            header.Degradation = Wire.Degradation.Quarantine;
            Warn(header, Wire.WarningKind.Quarantined, "", "Part of the collection is set aside as damaged; the answer does not cover it.");
        }
        if (order.Vector.Space is null)
        {
            Warn(header, Wire.WarningKind.SpaceUnbound, "query.origin", "The vector is bound to no encoder space: vectors of a wrong model cannot be noticed.");
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

    private static void Warn(Wire.ReplyHeader header, Wire.WarningKind kind, string field, string message) =>
        header.Warnings.Add(new Wire.Warning { Kind = kind, Field = field, Message = message });

    private static uint Saturated(long micros) => (uint)Math.Clamp(micros, 0, uint.MaxValue);
}
