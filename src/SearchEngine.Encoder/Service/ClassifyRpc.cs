using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Calls;
using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Encoder.Service;

/// <summary>Encoder.Classify.</summary>
internal static class ClassifyRpc
{
    public static async ValueTask<Wire.ClassifyReply> RunAsync(EncoderState state, Wire.ClassifyRequest request, ServerCall server)
    {
        using var call = new EncoderCall(server, request.Header);
        var model = state.Shelf.Require(request.Model, Wire.ModelPurpose.Classify, "model");
        var top = TopOf(model, request.TopN);
        var run = CallRun.Admit(state, call, call.Lane == Wire.Lane.Bulk ? LaneKind.Bulk : LaneKind.Rerank);
        var texts = Prepare(state, call, model, request);
        var group = new BatchGroup(model.Pace, new EncodeBatchOptions { Outputs = EncoderOutputs.Classes });
        var classes = await run.RunAsync(model, group, texts, (results, row) => Read(model, results.Classes(row), top)).ConfigureAwait(false);
        var reply = new Wire.ClassifyReply { Header = call.ReplyHeader(), Fingerprint = model.Fingerprint };
        for (var i = 0; i < texts.Length; i++)
        {
            var item = new Wire.ClassifiedItem { TextUse = TextUses.Of(texts[i]) };
            item.Classes.Add(classes[i]);
            reply.Items.Add(item);
        }
        return call.Sized(reply);
    }

    private static TokenSequence[] Prepare(EncoderState state, EncoderCall call, LoadedModel model, Wire.ClassifyRequest request)
    {
        var policy = OutputRules.ReadTruncation(request.Truncation, "truncation");
        TextChecks.CheckCount(request.Texts.Count, "texts");
        TextChecks.CheckTotal(request.Texts, TextLimits.CallBytes, "texts");
        using var timed = new TokenizeTimer(state.Metrics, call.Timings);
        var texts = TextPreparation.All(
            request.Texts, "texts", (text, path) => TextPreparation.Prepare(model, text, EncoderSide.Symmetric, policy, path));
        Truncations.Tell(state.Metrics, call, policy, texts, "texts");
        return texts;
    }

    private static Wire.ClassScore[] Read(LoadedModel model, ReadOnlySpan<float> logits, int top)
    {
        var labels = model.Descriptor.Classes!.Labels;
        var probabilities = new float[logits.Length];
        Pooling.Softmax(logits, probabilities);
        return
        [
            .. probabilities.Select((probability, c) => new Wire.ClassScore { Label = labels[c], Probability = probability })
                .OrderByDescending(c => c.Probability).Take(top),
        ];
    }

    private static int TopOf(LoadedModel model, uint top)
    {
        var classes = model.Descriptor.Classes!.Labels.Count;
        return top <= classes
            ? top == 0 ? classes : (int)top
            : throw Refusal.Limit("top_n", top, classes, "classes", "Ask for at most the model's classes, or leave it unset for all.");
    }
}
