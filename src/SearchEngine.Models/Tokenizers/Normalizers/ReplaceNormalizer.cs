using SearchEngine.Models.Tokenizers.Patterns;
using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.Normalizers;

/// <summary>Replaces every match of a pattern; the replacement aligns with the last character it replaces.</summary>
internal sealed class ReplaceNormalizer(IPattern pattern, string content) : Normalizer
{
    public override void Normalize(
        TextBuffer source, int start, int end, TextBuffer target, int origin, EncodeScratch scratch)
    {
        var matches = scratch.Matches;
        matches.Clear();
        pattern.FindMatches(source.Chars[start..end], matches, scratch);
        foreach (var match in matches)
        {
            if (!match.IsMatch)
            {
                target.Append(source, start + match.Start, match.End - match.Start);
                continue;
            }
            var last = start + match.End - 1;
            foreach (var unit in content)
            {
                target.Append(unit, last < start ? origin : source.Starts[last], last < start ? origin : source.Ends[last]);
            }
        }
    }

    public override void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add("Replace").Add(content);
        pattern.Describe(fingerprint);
    }
}
