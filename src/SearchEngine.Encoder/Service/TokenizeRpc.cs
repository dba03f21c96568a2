using SearchEngine.Encoder.Calls;
using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Encoder.Service;

/// <summary>Encoder.Tokenize: what a text is to a model, or would be in chunks. Runs no model and waits in no queue.</summary>
internal static class TokenizeRpc
{
    public static Wire.TokenizeReply Run(EncoderState state, Wire.TokenizeRequest request, ServerCall server)
    {
        using var call = new EncoderCall(server, request.Header);
        var model = request.Model.Length > 0
            ? state.Shelf.Find(request.Model, "model")
            : state.Shelf.Require("", Wire.ModelPurpose.Encode, "model");
        EncoderSide? side = request.Side == 0 ? null : SideRules.Read(model, request.Side, "side");
        TextChecks.CheckCount(request.Texts.Count, "texts");
        TextChecks.CheckTotal(request.Texts, TextLimits.CallBytes, "texts");
        var reply = new Wire.TokenizeReply();
        using (new TokenizeTimer(state.Metrics, call.Timings))
        {
            reply.Items.Add(request.Chunking is null
                ? TextPreparation.All(request.Texts, "texts", (text, path) => Tokens(Tokenize(model, side, text, path)))
                : Chunks(model, side ?? EncoderSide.Symmetric, request));
        }
        reply.Header = call.ReplyHeader();
        return call.Sized(reply);
    }

    private static TokenSequence Tokenize(LoadedModel model, EncoderSide? side, string text, string path)
    {
        if (side is { } known)
            return TextPreparation.Prepare(model, text, known, TruncationPolicy.Error, path);
        if (TextChecks.Fault(text, TextLimits.DocumentBytes, path) is { } fault)
            throw fault;
        var tokens = new TokenSequence();
        try
        {
            // No model runs: without a template there is no limit either.
            model.Encoder.Tokenizer.Encode(text, new EncodeOptions(), tokens);
            return tokens;
        }
        catch (TextRejectedException rejected)
        {
            throw TextFaults.Of(rejected, text, path);
        }
    }

    private static Wire.TokenizedItem Tokens(TokenSequence tokens)
    {
        var item = new Wire.TokenizedItem();
        item.Ids.Capacity = item.Starts.Capacity = item.Ends.Capacity = tokens.Count;
        for (var i = 0; i < tokens.Count; i++)
        {
            item.Ids.Add((uint)tokens.Ids[i]);
            item.Starts.Add((uint)tokens.Starts[i]);
            item.Ends.Add((uint)tokens.Ends[i]);
        }
        return item;
    }

    private static Wire.TokenizedItem[] Chunks(LoadedModel model, EncoderSide side, Wire.TokenizeRequest request)
    {
        var plan = ChunkPlan.Read(model, side, "", request.Chunking, "chunking");
        return TextPreparation.All(request.Texts, "texts", (text, path) =>
        {
            var item = new Wire.TokenizedItem();
            item.Chunks.Add(TextPreparation.Chunk(model, text, side, "", plan, path).Select(chunk => new Wire.EncodedChunk
            {
                Span = new Wire.ByteSpan { Start = (uint)chunk.Span.Start, End = (uint)chunk.Span.End },
                Tokens = (uint)chunk.Tokens.Count,
            }));
            return item;
        });
    }
}
