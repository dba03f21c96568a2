using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Rpc;

namespace SearchEngine.Encoder.Calls;

/// <summary>Texts to tokens on the caller's side of the queue: what cannot be encoded is refused before anything waits.</summary>
internal static class TextPreparation
{
    /// <summary>One text by the plan of its call.</summary>
    /// <exception cref="RpcException">The text cannot be encoded.</exception>
    public static PreparedText Prepare(EncodePlan plan, string text, string path)
    {
        if (TextChecks.Fault(text, plan.MaxTextBytes, path) is { } fault)
            throw fault;
        return plan.Chunks is { } chunks
            ? new PreparedText(null, Chunk(plan.Model, text, plan.Side, plan.Task, chunks, path))
            : new PreparedText(Prepare(plan.Model, text, plan.Side, plan.Truncation!.Value, path, plan.Task), []);
    }

    /// <summary>One text with the template of its side around it, cut by the policy.</summary>
    /// <exception cref="RpcException">The text cannot be taken.</exception>
    public static TokenSequence Prepare(
        LoadedModel model, string text, EncoderSide side, TruncationPolicy truncation, string path, string task = "")
    {
        if (TextChecks.Fault(text, TextLimits.DocumentBytes, path) is { } fault)
            throw fault;
        var tokens = new TokenSequence();
        try
        {
            model.Encoder.Prepare(text, side, task, truncation, tokens);
            return tokens;
        }
        catch (TextRejectedException rejected)
        {
            throw TextFaults.Of(rejected, text, path);
        }
    }

    /// <summary>One text in chunks, each with the template around it.</summary>
    /// <exception cref="RpcException">The text cannot be taken.</exception>
    public static IReadOnlyList<PreparedChunk> Chunk(
        LoadedModel model, string text, EncoderSide side, string task, ChunkPlan plan, string path)
    {
        if (TextChecks.Fault(text, TextLimits.DocumentBytes, path) is { } fault)
            throw fault;
        try
        {
            return model.Encoder.PrepareChunks(text, side, task, plan.Options);
        }
        catch (TextRejectedException rejected)
        {
            throw TextFaults.Of(rejected, text, path);
        }
    }

    /// <summary>All texts of a call; one that cannot be encoded fails the call, which names every such text.</summary>
    public static PreparedText[] Prepare(EncodePlan plan, IReadOnlyList<string> texts, string path) =>
        All(texts, path, (text, at) => Prepare(plan, text, at));

    /// <summary>Tokens that the caller made.</summary>
    public static PreparedText[] Prepare(EncodePlan plan, IReadOnlyList<Wire.TokenSequence> sequences, string path) =>
        All(sequences, path, (sequence, at) => Prepare(plan, sequence, $"{at}.ids"));

    /// <summary>Every item of a list by the same rule; the faults of all of them are one error.</summary>
    public static TResult[] All<TItem, TResult>(IReadOnlyList<TItem> items, string path, Func<TItem, string, TResult> prepare)
    {
        var results = new TResult[items.Count];
        List<RpcException>? faults = null;
        for (var i = 0; i < results.Length; i++)
        {
            try
            {
                results[i] = prepare(items[i], $"{path}[{i}]");
            }
            catch (RpcException fault)
            {
                (faults ??= []).Add(fault);
            }
        }
        return faults is null ? results : throw TextFaults.Joined(faults);
    }

    private static PreparedText Prepare(EncodePlan plan, Wire.TokenSequence sequence, string path)
    {
        if (sequence.Ids.Count == 0)
            throw Refusal.Of(Wire.ErrorReason.TextEmpty, path, "The sequence has no tokens.", "Send its tokens, or leave the item out.");
        var tokens = new TokenSequence();
        try
        {
            plan.Model.Encoder.PrepareIds([.. sequence.Ids.Select(id => id <= int.MaxValue ? (int)id : -1)], tokens);
        }
        catch (TextRejectedException rejected)
        {
            throw TextFaults.Of(rejected, "", path);
        }
        return new PreparedText(tokens, []);
    }
}
