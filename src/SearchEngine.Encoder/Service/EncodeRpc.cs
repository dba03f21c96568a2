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
        var run = CallRun.Admit(state, call, EncodePlan.CallLane(plan.Side, call.Lane));
        var texts = Prepare(state, call, plan, request);
        var parts = await run.RunAsync(
            plan.Model, plan.Group, [.. texts.SelectMany(t => t.Sequences)],
            (results, row) => EncodedParts.Read(results, row, plan.Options.Outputs, plan.ElementType)).ConfigureAwait(false);
        var reply = new Wire.EncodeReply { Header = call.ReplyHeader(), Fingerprint = plan.Model.Fingerprint, Batch = run.Report };
        AddItems(reply, texts, parts);
        return call.Sized(reply);
    }

    private static PreparedText[] Prepare(EncoderState state, EncoderCall call, EncodePlan plan, Wire.EncodeRequest request)
    {
        if (request.Texts.Count > 0 && request.Tokens.Count > 0)
            throw Refusal.Invalid("tokens", "Both texts and tokens are set.", "Set one of the two.");
        var isText = request.Tokens.Count == 0;
        var path = isText ? "texts" : "tokens";
        TextChecks.CheckCount(isText ? request.Texts.Count : request.Tokens.Count, path);
        TextChecks.CheckTotal(request.Texts, TextLimits.CallBytes, path);
        using var timed = new TokenizeTimer(state.Metrics, call.Timings);
        var texts = isText ? TextPreparation.Prepare(plan, request.Texts, path) : TextPreparation.Prepare(plan, request.Tokens, path);
        Truncations.Tell(state.Metrics, call, plan.Truncation, texts.Select(t => t.Tokens), path);
        return texts;
    }

    private static void AddItems(Wire.EncodeReply reply, PreparedText[] texts, EncodedParts[] parts)
    {
        var at = 0;
        foreach (var text in texts)
        {
            var count = text.Tokens is null ? text.Chunks.Count : 1;
            reply.Items.Add(EncodedParts.Item(text, parts.AsSpan(at, count)));
            at += count;
        }
    }
}
