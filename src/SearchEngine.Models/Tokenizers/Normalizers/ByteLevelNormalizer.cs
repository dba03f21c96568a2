using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.Normalizers;

/// <summary>Writes the text as its UTF-8 bytes in GPT-2's printable alphabet.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    public override void Normalize(
        TextBuffer source, int start, int end, TextBuffer target, int origin, EncodeScratch scratch) =>
        ByteAlphabet.Append(source, start, end, target);

    public override void Describe(FingerprintWriter fingerprint) => fingerprint.Add("ByteLevelNormalizer");
}
