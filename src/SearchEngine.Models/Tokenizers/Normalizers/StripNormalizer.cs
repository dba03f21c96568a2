using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Normalizers;

/// <summary>Takes white space off either end of a stretch of text.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override void Normalize(
        TextBuffer source, int start, int end, TextBuffer target, int origin, EncodeScratch scratch)
    {
        var chars = source.Chars[..end];
        if (left)
        {
            for (var index = start; index < end; start = index)
            {
                if (!CharacterClasses.IsWhiteSpace(CodePoints.Read(chars, ref index)))
                {
                    break;
                }
            }
        }
        if (right)
        {
            for (var index = end; index > start; end = index)
            {
                if (!CharacterClasses.IsWhiteSpace(CodePoints.ReadBack(chars, ref index)))
                {
                    break;
                }
            }
        }
        target.Append(source, start, end - start);
    }

    public override void Describe(FingerprintWriter fingerprint) => fingerprint.Add("Strip").Add(left).Add(right);
}
