namespace SearchEngine.Models.Tokenizers;

/// <summary>How much of a text an encoding holds; for a pair, of its document, the query being always whole.</summary>
/// <param name="OriginalTokens">Tokens had nothing been cut, special ones included.</param>
/// <param name="KeptTokens">Tokens of the encoding.</param>
/// <param name="Head">First stretch of the text that was kept; all of it where nothing was cut.</param>
/// <param name="Tail">Second stretch, with <see cref="TruncationPolicy.HeadTail"/>; else empty.</param>
public readonly record struct TruncationReport(int OriginalTokens, int KeptTokens, ByteSpan Head, ByteSpan Tail)
{
    public bool IsCut => KeptTokens < OriginalTokens;
}
