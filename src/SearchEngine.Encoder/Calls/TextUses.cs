using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Calls;

/// <summary>What a model reads of a text, as the contract tells it.</summary>
internal static class TextUses
{
    /// <param name="tokens">As the model takes them.</param>
    public static Wire.TextUse Of(TokenSequence tokens)
    {
        var report = tokens.Truncation;
        return new Wire.TextUse
        {
            TokensIn = (uint)report.OriginalTokens,
            TokensUsed = (uint)report.KeptTokens,
            Truncated = report.IsCut,
            Cut = report.IsCut ? Cut(report, tokens.TextLength) : null,
        };
    }

    /// <summary>One stretch, since what is kept is one at either end, or both.</summary>
    private static Wire.ByteSpan Cut(TruncationReport report, int length)
    {
        var keepsStart = report.Head.Length > 0 && report.Head.Start == 0;
        var end = report.Tail.Length > 0 ? report.Tail : report.Head;
        var keepsEnd = end.Length > 0 && end.End == length;
        return new Wire.ByteSpan
        {
            Start = (uint)(keepsStart ? report.Head.End : 0),
            End = (uint)(keepsEnd ? end.Start : length),
        };
    }
}
