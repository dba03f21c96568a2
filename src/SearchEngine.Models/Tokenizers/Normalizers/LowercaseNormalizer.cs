using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Normalizers;

internal sealed class LowercaseNormalizer : Normalizer
{
    public override void Normalize(
        TextBuffer source, int start, int end, TextBuffer target, int origin, EncodeScratch scratch)
    {
        var chars = source.Chars[..end];
        for (var index = start; index < end;)
        {
            var position = index;
            var codePoint = CodePoints.Read(chars, ref index);
            target.AppendCodePoint(Lowercase.Map(codePoint), source.Starts[position], source.Ends[position]);
            if (codePoint == Lowercase.DottedCapitalI)
            {
                target.Append((char)Lowercase.CombiningDotAbove, source.Starts[position], source.Ends[position]);
            }
        }
    }

    public override void Describe(FingerprintWriter fingerprint) => fingerprint.Add("Lowercase");
}
