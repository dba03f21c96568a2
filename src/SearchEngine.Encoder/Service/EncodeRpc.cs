using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Calls;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Encoder.Service;

/// <summary>Encoder.Encode.</summary>
internal static class EncodeRpc
{
    public static async ValueTask<Wire.EncodeReply> RunAsync(EncoderState state, Wire.EncodeRequest request, ServerCall server)
    {
        using var call = new EncoderCall(server, request.Header);
        var plan = EncodePlan.Read(state.Shelf, request.Options, "options");
        var lane = plan.Lane(call.Lane, LaneKind.Rerank);
        call.ApplyDeadline(lane);
        state.Queue.Knock(lane, call.RemainingMillis);
        var texts = Prepare(state, call, plan, request);
        var work = new TextWork<EncodedParts>(
            plan.Model, texts.Sum(t => t.Sequences.Count()),
            (results, row) => EncodedParts.Read(results, row, plan.Options.Outputs, plan.ElementType));
        var parts = await RunAsync(state, call, plan, lane, texts, work).ConfigureAwait(false);
        return Reply(call, plan, texts, parts, work.Tally);
    }

    private static PreparedText[] Prepare(EncoderState state, EncoderCall call, EncodePlan plan, Wire.EncodeRequest request)
    {
        if (request.Texts.Count > 0 && request.Tokens.Count > 0)
            throw Refusal.Invalid("tokens", "Both texts and tokens are set.", "Set one of the two.");
        var isText = request.Tokens.Count == 0;
        TextChecks.CheckCount(isText ? request.Texts.Count : request.Tokens.Count, isText ? "texts" : "tokens");
        TextChecks.CheckTotal(request.Texts, TextLimits.CallBytes, "texts");
        using var timed = new TokenizeTimer(state.Metrics, call.Timings);
        var texts = isText ? TextPreparation.Prepare(plan, request.Texts, "texts") : TextPreparation.Prepare(plan, request.Tokens, "tokens");
        Truncations.Tell(state.Metrics, call, plan.Truncation, texts.Select(t => t.Tokens), isText ? "texts" : "tokens");
        return texts;
    }

    private static Task<EncodedParts[]> RunAsync(
        EncoderState state, EncoderCall call, EncodePlan plan, LaneKind lane, PreparedText[] texts, TextWork<EncodedParts> work)
    {
        var remaining = call.RemainingMillis;
        var (now, group) = (state.Queue.Now, plan.Group);
        var waiting = texts.SelectMany(t => t.Sequences)
            .Select((tokens, place) => new WaitingText(group, lane, tokens, work, place) { Arrived = now, Deadline = now + remaining }).ToArray();
        return call.WithinDeadlineAsync(work.RunAsync(state.Queue, waiting, remaining, call.Cancellation));
    }

    private static Wire.EncodeReply Reply(EncoderCall call, EncodePlan plan, PreparedText[] texts, EncodedParts[] parts, BatchTally tally)
    {
        tally.Fill(call.Timings, call.Cost);
        var reply = new Wire.EncodeReply { Fingerprint = plan.Model.Fingerprint, Batch = tally.Report() };
        var at = 0;
        foreach (var text in texts)
        {
            var count = text.Sequences.Count();
            reply.Items.Add(EncodedParts.Item(text, parts.AsSpan(at, count)));
            at += count;
        }
        reply.Header = call.ReplyHeader();
        return call.Sized(reply);
    }
}
