using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Chunking;
using SearchEngine.Models.Folder;

namespace SearchEngine.Encoder.Calls;

/// <summary>How texts are cut into chunks: the options of a call, checked against the model.</summary>
internal sealed record ChunkPlan(ChunkOptions Options)
{
    private const int LeastTokens = 8;

    public static ChunkPlan Read(LoadedModel model, EncoderSide side, string task, Wire.ChunkOptions? asked, string path)
    {
        asked ??= new Wire.ChunkOptions();
        var most = model.Descriptor.MaxTokens;
        if (asked.MaxTokens != 0 && (asked.MaxTokens < LeastTokens || asked.MaxTokens > most))
        {
            throw Refusal.Of(
                Wire.ErrorReason.FieldInvalid, $"{path}.max_tokens", $"A chunk cannot have {asked.MaxTokens} tokens.",
                "Leave it unset, or stay within the model's longest input.", $"{LeastTokens} to {most}", Refusal.Number(asked.MaxTokens),
                $"{Refusal.Number(most)} tokens");
        }
        var tokens = asked.MaxTokens == 0 ? Math.Min(ChunkOptions.Default.MaxTokens, most) : (int)asked.MaxTokens;
        if (asked.HasOverlapTokens && 2L * asked.OverlapTokens >= tokens)
        {
            throw Refusal.Of(
                Wire.ErrorReason.FieldInvalid, $"{path}.overlap_tokens", $"Chunks of {tokens} tokens cannot share {asked.OverlapTokens}.",
                "Share less than half of a chunk.", $"below {Refusal.Number((tokens + 1) / 2)}", Refusal.Number(asked.OverlapTokens));
        }
        var options = new ChunkOptions
        {
            MaxTokens = tokens,
            OverlapTokens = asked.HasOverlapTokens ? (int)asked.OverlapTokens : ChunkOptions.Default.OverlapTokens,
            Border = Border(asked.Border, $"{path}.border"),
        };
        try
        {
            return new ChunkPlan(model.Encoder.FitChunks(options, side, task));
        }
        catch (ArgumentException noRoom)
        {
            throw Refusal.Invalid($"{path}.max_tokens", noRoom.Message, "Allow more tokens to a chunk.", Refusal.Number(tokens));
        }
    }

    private static ChunkBorder Border(Wire.ChunkBorder border, string path) => border switch
    {
        0 or Wire.ChunkBorder.Sentence => ChunkBorder.Sentence,
        Wire.ChunkBorder.Token => ChunkBorder.Token,
        Wire.ChunkBorder.Paragraph => ChunkBorder.Paragraph,
        _ => throw Refusal.Invalid(path, "There is no such border.", "Use a value of ChunkBorder.", Refusal.Number((int)border)),
    };
}
