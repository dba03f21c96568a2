using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>Matches every single character of a class; the characters between them form gaps.</summary>
internal sealed class CharacterPattern(string name, Func<int, bool> contains) : IPattern
{
    public void FindMatches(ReadOnlySpan<char> text, List<PieceMatch> matches, EncodeScratch scratch)
    {
        var gapStart = 0;
        for (var index = 0; index < text.Length;)
        {
            var position = index;
            if (!contains(CodePoints.Read(text, ref index)))
            {
                continue;
            }
            if (gapStart < position)
            {
                matches.Add(new(gapStart, position, IsMatch: false));
            }
            matches.Add(new(position, index, IsMatch: true));
            gapStart = index;
        }
        if (gapStart < text.Length)
        {
            matches.Add(new(gapStart, text.Length, IsMatch: false));
        }
    }

    public void Describe(FingerprintWriter fingerprint) => fingerprint.Add(name);
}
