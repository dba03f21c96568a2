using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>Matches a text that is not empty, left to right without overlap.</summary>
internal sealed class LiteralPattern(string literal) : IPattern
{
    public void FindMatches(ReadOnlySpan<char> text, List<PieceMatch> matches, EncodeScratch scratch)
    {
        var start = 0;
        while (start < text.Length)
        {
            var gap = text[start..].IndexOf(literal, StringComparison.Ordinal);
            if (gap < 0)
            {
                matches.Add(new(start, text.Length, IsMatch: false));
                return;
            }
            if (gap > 0)
            {
                matches.Add(new(start, start + gap, IsMatch: false));
            }
            start += gap + literal.Length;
            matches.Add(new(start - literal.Length, start, IsMatch: true));
        }
    }

    public void Describe(FingerprintWriter fingerprint) => fingerprint.Add("literal").Add(literal);
}
