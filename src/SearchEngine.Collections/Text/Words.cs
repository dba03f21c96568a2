using System.Buffers;
using System.Globalization;
using System.Text;

namespace SearchEngine.Collections.Text;

/// <summary>
/// Makes words of text, the same way for documents and queries: in compatibility form (NFKC), runs of letters, digits and marks, in lower
/// case. Han and Hiragana are not written in words, so each of their characters is one. Nothing is stemmed and nothing is stopped at.
/// </summary>
internal static class Words
{
    /// <summary>Characters of a word that count; what lies behind them is not looked at, in documents and queries alike.</summary>
    public const int MaxLength = 64;

    /// <param name="take">Is given each word in turn; the characters are only good during the call.</param>
    public static void Each(string text, Action<ReadOnlySpan<char>> take)
    {
        string whole = Ascii.IsValid(text) ? text : Composable(text).Normalize(NormalizationForm.FormKC);
        Span<char> word = stackalloc char[MaxLength];
        int length = 0;
        for (int at = 0; at < whole.Length;)
        {
            OperationStatus status = Rune.DecodeFromUtf16(whole.AsSpan(at), out Rune rune, out int units);
            at += units;
            bool isPart = status == OperationStatus.Done && IsPart(rune, length > 0);
            bool isAlone = isPart && IsWordByItself(rune);
            if ((!isPart || isAlone) && length > 0)
            {
                take(word[..length]);
                length = 0;
            }
            if (isPart)
            {
                Rune lower = Rune.ToLowerInvariant(rune);
                length += length + lower.Utf16SequenceLength <= MaxLength ? lower.EncodeToUtf16(word[length..]) : 0;
            }
            if (isAlone)
            {
                take(word[..length]);
                length = 0;
            }
        }
        if (length > 0)
        {
            take(word[..length]);
        }
    }

    public static IReadOnlyList<string> Of(string text)
    {
        var words = new List<string>();
        Each(text, word => words.Add(word.ToString()));
        return words;
    }

    // Normalizing refuses U+FFFE and halves of surrogate pairs. None is part of a word, nor is what stands here for it.
    private static string Composable(string text)
    {
        if (!text.Contains('\uFFFE', StringComparison.Ordinal) && !HasHalves(text))
        {
            return text;
        }
        return string.Concat(text.EnumerateRunes().Select(static rune => rune.Value == 0xFFFE ? "\uFFFD" : rune.ToString()));
    }

    private static bool HasHalves(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
            {
                continue;
            }
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return true;
            }
            at++;
        }
        return false;
    }

    // A mark belongs to the letter before it.
    private static bool IsPart(Rune rune, bool inWord) => Rune.IsLetterOrDigit(rune)
        || (inWord && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    private static bool IsWordByItself(Rune rune) => rune.Value is
        (>= 0x3041 and <= 0x309F) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x323AF);
}
