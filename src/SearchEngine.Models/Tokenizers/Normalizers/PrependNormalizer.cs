using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Normalizers;

/// <summary>Puts a text before every stretch that is not empty; it aligns with the first character.</summary>
internal sealed class PrependNormalizer(string content) : Normalizer
{
    public override void Normalize(
        TextBuffer source, int start, int end, TextBuffer target, int origin, EncodeScratch scratch)
    {
        if (start == end)
        {
            return;
        }
        Prepend(content, source, start, target);
        target.Append(source, start, end - start);
    }

    public override void Describe(FingerprintWriter fingerprint) => fingerprint.Add("Prepend").Add(content);

    /// <summary>Appends the content to the target, aligned with source[start].</summary>
    public static void Prepend(string content, TextBuffer source, int start, TextBuffer target)
    {
        for (var index = 0; index < content.Length;)
        {
            target.AppendCodePoint(CodePoints.Read(content, ref index), source.Starts[start], source.Ends[start]);
        }
    }
}
