using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Inference;

/// <summary>A chunk of a text, ready to run.</summary>
/// <param name="Span">Where it stands in the text; ranges in <paramref name="Tokens"/> count from there.</param>
public sealed record PreparedChunk(ByteSpan Span, TokenSequence Tokens);
