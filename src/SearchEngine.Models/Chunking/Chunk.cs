using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Chunking;

/// <summary>A part of a text that a model can take whole.</summary>
/// <param name="Span">Where it lies in the text.</param>
/// <param name="Tokens">Tokens of its encoding, special ones included.</param>
public readonly record struct Chunk(ByteSpan Span, int Tokens);
