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
    /// <summary>Hits of the longest reply that is kept for the next search of a thread.</summary>
    private const int MostRentedHits = 100;

    /// <summary>A reply to the call's own search; where hits are ids and scores, as they mostly are, its messages are used again.</summary>
    public static Wire.SearchReply Build(SearchOrder order, SearchAnswer answer, CallContext context) => Fill(
        order.Parts is null && order.Grouping is null && !order.HasComponents && answer.Fused is null && answer.Result.Hits.Count <= MostRentedHits ? context.Call.RentReply<Wire.SearchReply>() : new Wire.SearchReply(),
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
        reply.Header ??= new Wire.ReplyHeader();
        SearchHeaders.Write(order, answer, context, isDamaged, reply.Header);
        reply.Complete = result.IsComplete && !isDamaged;
        reply.IncompleteReason = answer.RanOut
            ? Wire.IncompleteReason.Time
            : !result.IsComplete ? Wire.IncompleteReason.WalkLimit : isDamaged ? Wire.IncompleteReason.Quarantine : default;
        reply.ScoreKind = order.ScoreKind;
        reply.Plan = PlanOf(order, answer, context.Caller, reply.Plan ?? new Wire.Plan());
        reply.Recall = PlanMap.Write(answer.RanOut ? default : result.Recall, reply.Recall ?? new Wire.RecallEstimate());
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
            if (result.Late is { } late && !late[i].IsScored)
            {
                reply.Hits[i].ScoreKind = order.FirstScoreKind;
            }
            if (order.HasComponents || answer.Fused is not null)
            {
                reply.Hits[i].Components.Add(HitComponents.Of(order, answer, i));
            }
        }
        if (answer.Groups is { } groups)
        {
            reply.Grouped = GroupingMap.Write(groups, reply.Hits);
            reply.Hits.Clear();
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

    /// <summary>How the search ran; of several queries, each.</summary>
    /// <param name="caller">Who is told.</param>
    public static Wire.Plan PlanOf(SearchOrder order, SearchAnswer answer, Caller caller) => PlanOf(order, answer, caller, new Wire.Plan());

    private static Wire.Plan PlanOf(SearchOrder order, SearchAnswer answer, Caller caller, Wire.Plan target)
    {
        Wire.Plan plan = PlanMap.Write(answer.Result.Plan, caller, target);
        for (int i = 0; i < (answer.Fused?.Parts.Count ?? 0); i++)
        {
            Wire.Plan component = PlanMap.Write(answer.Fused!.Parts[i].Plan, caller, new Wire.Plan());
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

    private static Wire.Fingerprint? FingerprintOf(SearchComponent component) => component.Encoded?.Fingerprint.Clone()
        ?? (component.Field is { } vector && BoundSpace.Of(vector) is { } bound ? new Wire.Fingerprint { Space = bound.Id } : null);
}
