using SearchEngine.Server.Calls;
using SearchEngine.Server.Rerank;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Retrieval;

/// <summary>Replies of retrievals.</summary>
internal static class RetrieveReplies
{
    public static Wire.RetrieveReply Reply(RetrieveParts parts, CallContext context)
    {
        RerankBoard? board = parts.Board is { Scored: > 0 } scored ? scored : null;
        Wire.ScoreKind foundKind = parts.Search.ScoreKind;
        bool isDamaged = context.Collection.Damage.Count > 0;
        IReadOnlyList<Wire.Hit> hits = Hits(parts, board);
        if (board is null)
        {
            // All are of the reply's kind.
            Clear(hits);
        }
        Passages.Fill(hits, parts.Order, context);
        if (board is not null)
        {
            RerankReplies.WarnOfCuts(board, parts.Order.Rerank with { Depth = Math.Min(parts.Order.Rerank.Depth, parts.Answer.Result.Hits.Count) }, context);
        }
        var reply = new Wire.RetrieveReply
        {
            Hits = { hits },
            Complete = parts.Report.Reason == 0 && parts.Answer.Result.IsComplete && !isDamaged,
            IncompleteReason = ReasonOf(parts, isDamaged),
            ScoreKind = board is null ? foundKind : parts.Order.Rerank.ScoreKind,
            Plan = SearchReplies.PlanOf(parts.Search, parts.Answer, context.Caller),
            Recall = parts.Answer.RanOut ? new Wire.RecallEstimate { Basis = Wire.RecallBasis.None } : PlanMap.Write(parts.Answer.Result.Recall),
            TextUse = SearchReplies.TextUseOf(parts.Search),
            Candidates = (uint)parts.Answer.Result.Hits.Count,
            Reranked = (uint)(board?.Scored ?? 0),
            Skipped = { parts.Report.Skipped },
            Split = parts.Time.Taken,
            Header = Header(parts, context, isDamaged),
        };
        if (SearchReplies.FingerprintOf(parts.Search) is { } fingerprint)
        {
            reply.Fingerprint = fingerprint;
        }
        if (board is not null)
        {
            reply.RerankFingerprint = parts.Scorer!.Fingerprint;
        }
        ReplyShortening.Fit(reply, reply.Hits, reply.Header, context.ReplyLimit);
        return reply;
    }

    private static IReadOnlyList<Wire.Hit> Hits(RetrieveParts parts, RerankBoard? board)
    {
        int[] order = board?.Order(parts.Order.Rerank.MinScore) ?? [.. Enumerable.Range(0, parts.Answer.Result.Hits.Count)];
        float[]? scores = board?.Scores();
        return parts.Hits.WithComponents(order, i => scores is null || float.IsNaN(scores[i]) ? null : scores[i]);
    }

    private static void Clear(IReadOnlyList<Wire.Hit> hits)
    {
        foreach (Wire.Hit hit in hits)
        {
            hit.ScoreKind = default;
        }
    }

    private static Wire.IncompleteReason ReasonOf(RetrieveParts parts, bool isDamaged) => parts.Report.Reason != 0 ? parts.Report.Reason
        : !parts.Answer.Result.IsComplete ? Wire.IncompleteReason.WalkLimit
        : isDamaged ? Wire.IncompleteReason.Quarantine
        : default;

    private static Wire.ReplyHeader Header(RetrieveParts parts, CallContext context, bool isDamaged)
    {
        Wire.ReplyHeader header = SearchHeaders.Of(parts.Search, parts.Answer, context, isDamaged);
        header.Timings.RerankMicros = parts.Time.Taken.RerankMicros;
        header.Cost.Tokens += (ulong)(parts.Outcome?.Tokens ?? 0);
        if (header.Degradation == 0)
        {
            header.Degradation = parts.Report.Degradation;
        }
        return header;
    }
}
