using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Calls;

/// <summary>A text of a call, tokenized: as one sequence, or as several chunks.</summary>
/// <param name="Tokens">Null where it was cut into chunks.</param>
/// <param name="Chunks">Empty where it was not.</param>
internal sealed record PreparedText(TokenSequence? Tokens, IReadOnlyList<PreparedChunk> Chunks)
{
    /// <summary>What the model runs for it.</summary>
    public IEnumerable<TokenSequence> Sequences => Tokens is null ? Chunks.Select(c => c.Tokens) : [Tokens];
}
