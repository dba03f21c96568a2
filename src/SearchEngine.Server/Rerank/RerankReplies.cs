using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Rerank;

/// <summary>Replies and frames of reranks.</summary>
internal static class RerankReplies
{
    private const int ItemFraming = 16;

    /// <summary>Room for the header, which is made last.</summary>
    private const int HeaderReserve = 1_024;

    public static Wire.RerankReply Reply(Wire.RerankRequest request, RerankOrder order, RerankOutcome outcome, IPairScorer scorer, ICandidateTexts texts, CallContext context)
    {
        context.Timings.RerankMicros = (uint)Math.Clamp((long)outcome.Time.TotalMicroseconds, 0, uint.MaxValue);
        context.Cost.Tokens = (ulong)outcome.Tokens;
        WarnOfCuts(outcome.Board, order, context);
        var reply = new Wire.RerankReply
        {
            Complete = outcome.End == RerankEnd.Complete,
            ScoreKind = order.ScoreKind,
            Scored = (uint)outcome.Board.Scored,
            Unscored = (uint)outcome.Board.Unscored,
            Failed = (uint)outcome.Board.Failed,
            Fingerprint = scorer.Fingerprint,
            QueryUse = scorer.QueryUse,
        };
        reply.Items.Add(outcome.Board.Order(order.MinScore).Take(order.Top).Select(i => Item(outcome.Board[i], request)));
        if (request.TextReturn == Wire.TextReturn.Include)
        {
            AddTexts(reply, texts, context);
        }
        reply.Header = context.ReplyHeader();
        int bytes = reply.CalculateSize();
        return bytes <= context.ReplyLimit ? reply : throw RerankErrors.TooLarge(bytes, context.ReplyLimit, reply.Items.Count);
    }

    public static Wire.RerankFrame Started(RerankOrder order, (int Depth, int Rounds) foreseen, IPairScorer scorer, CallContext context)
    {
        Wire.ReplyHeader header = context.ReplyHeader();
        (header.Timings, header.Cost) = (null, null);
        return new Wire.RerankFrame
        {
            Started = new Wire.RerankStarted
            {
                Header = header,
                Fingerprint = scorer.Fingerprint,
                PredictedDepth = (uint)foreseen.Depth,
                PredictedRounds = (uint)foreseen.Rounds,
                ScoreKind = order.ScoreKind,
            },
        };
    }

    public static Wire.RerankFrame Round(RoundResult round, Wire.RerankRequest request, RerankOrder order, CallContext context)
    {
        var frame = new Wire.RerankRound
        {
            Round = (uint)round.Number,
            FinalPrefix = (uint)Math.Min(round.FinalPrefix, order.Top),
            ElapsedMicros = (uint)Math.Clamp((long)context.Elapsed.TotalMicroseconds, 0, uint.MaxValue),
        };
        frame.Items.Add(round.Settled.Select(candidate => Item(candidate, request)));
        frame.Order.Add(round.Order.Take(order.Top).Select(static i => (uint)i));
        return new Wire.RerankFrame { Round = frame };
    }

    /// <summary>Texts that were cut, as one warning; each item says where.</summary>
    public static void WarnOfCuts(RerankBoard board, RerankOrder order, CallContext context)
    {
        int cut = Enumerable.Range(0, order.Depth).Count(i => board[i].Use?.Truncated == true);
        if (cut > 0)
        {
            context.Warn(Wire.WarningKind.TextTruncated, $"{order.OptionsPath}.truncation", $"{cut} texts were cut for the rerank model.");
        }
    }

    private static Wire.RerankedItem Item(RankedCandidate candidate, Wire.RerankRequest request) => new()
    {
        Index = (uint)candidate.Index,
        Id = request.Candidates[candidate.Index].Id,
        Score = candidate.Score,
        State = candidate.State,
        TextUse = candidate.Use,
        Error = candidate.Error is { } error ? ItemErrors.ToItem(error) : null,
    };

    // All or none, so that a text that is missing never looks like one that is empty.
    private static void AddTexts(Wire.RerankReply reply, ICandidateTexts texts, CallContext context)
    {
        long bytes = HeaderReserve + reply.CalculateSize();
        foreach (Wire.RerankedItem item in reply.Items)
        {
            item.Text = texts.Read((int)item.Index, 1)[0].Text ?? "";
            bytes += System.Text.Encoding.UTF8.GetByteCount(item.Text) + ItemFraming;
            if (bytes > context.ReplyLimit)
            {
                foreach (Wire.RerankedItem other in reply.Items)
                {
                    other.Text = "";
                }
                context.Warn(
                    Wire.WarningKind.ReplyShortened, "text_return",
                    $"Left out to stay under {context.ReplyLimit} bytes; ask for fewer items, or raise header.max_reply_bytes.");
                return;
            }
        }
    }
}
