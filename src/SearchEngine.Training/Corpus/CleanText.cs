using System.Text;

namespace SearchEngine.Training.Corpus;

/// <summary>Texts as the trainer takes them: Unicode, and no longer than a model will ever read.</summary>
internal static class CleanText
{
    /// <summary>
    /// UTF-16 units that are looked at. More than the tokens of the longest input in any language; an enormous document costs
    /// no more than this.
    /// </summary>
    public const int Longest = 1 << 14;

    private const char Replacement = '\ufffd';

    public static string Of(string text)
    {
        var end = Math.Min(text.Length, Longest);
        if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
            end--;
        var lone = IndexOfLoneSurrogate(text.AsSpan(0, end), 0);
        if (lone < 0)
            return end == text.Length ? text : text[..end];
        var clean = new StringBuilder(text, 0, end, end);
        for (; lone >= 0; lone = IndexOfLoneSurrogate(text.AsSpan(0, end), lone + 1))
            clean[lone] = Replacement;
        return clean.ToString();
    }

    private static int IndexOfLoneSurrogate(ReadOnlySpan<char> text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return i;
            i++;
        }
        return -1;
    }
}
