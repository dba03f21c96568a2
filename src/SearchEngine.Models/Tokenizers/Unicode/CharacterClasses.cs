using System.Globalization;
using System.Text;

namespace SearchEngine.Models.Tokenizers.Unicode;

/// <summary>
/// The reference's notions of white space, punctuation, mark and so on. Each comes from another library there, and those
/// follow different versions of Unicode; <see cref="VersionGaps"/> lists what separates them from the runtime's.
/// Checked for every code point against the reference by the tests.
/// </summary>
internal static class CharacterClasses
{
    public static bool IsWhiteSpace(int codePoint) =>
        codePoint < 0x80 ? codePoint is ' ' or (>= '\t' and <= '\r') : Rune.IsWhiteSpace(new Rune(codePoint));

    /// <summary>Punctuation of BERT and of the Punctuation pre-tokenizer: all ASCII symbols, Unicode 8 punctuation beyond.</summary>
    public static bool IsPunctuation(int codePoint)
    {
        if (codePoint < 0x80)
        {
            return codePoint is > ' ' and < 0x7F && !char.IsAsciiLetterOrDigit((char)codePoint);
        }
        var category = CharUnicodeInfo.GetUnicodeCategory(codePoint);
        return category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation !=
            CodePointRanges.Contains(VersionGaps.Punctuation, codePoint);
    }

    /// <summary>What BERT's text cleaning drops: controls, formats, private use and the two marks of lost text.</summary>
    public static bool IsDroppedByCleaning(int codePoint)
    {
        if (codePoint is '\t' or '\n' or '\r')
        {
            return false;
        }
        return codePoint == 0xFFFD
            || (CharUnicodeInfo.GetUnicodeCategory(codePoint)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
                && !CodePointRanges.Contains(VersionGaps.Format, codePoint));
    }

    /// <summary>What BERT's accent stripping drops: non-spacing marks of Unicode 8.</summary>
    public static bool IsAccent(int codePoint) =>
        codePoint >= 0x300
        && (CharUnicodeInfo.GetUnicodeCategory(codePoint) == UnicodeCategory.NonSpacingMark)
            != CodePointRanges.Contains(VersionGaps.NonSpacingMarks, codePoint);

    /// <summary>What the StripAccents normalizer drops: every mark of Unicode 9.</summary>
    public static bool IsCombiningMark(int codePoint) =>
        codePoint >= 0x300
        && IsMark(CharUnicodeInfo.GetUnicodeCategory(codePoint)) != CodePointRanges.Contains(VersionGaps.Marks, codePoint);

    public static bool IsNumeric(int codePoint) =>
        codePoint < 0x80
            ? char.IsAsciiDigit((char)codePoint)
            : CharUnicodeInfo.GetUnicodeCategory(codePoint)
                is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
                || CodePointRanges.Contains(VersionGaps.Numbers, codePoint);

    /// <summary>\w of the Whitespace pre-tokenizer and of single-word added tokens.</summary>
    public static bool IsWord(int codePoint) => IsClassWord(codePoint) || codePoint is 0x200C or 0x200D;

    /// <summary>\w in a pattern of the file, outside classes.</summary>
    public static bool IsPatternWord(int codePoint) =>
        IsClassWord(codePoint) || codePoint is 0xB2 or 0xB3 or 0xB9 or (>= 0xBC and <= 0xBE);

    public static bool IsChinese(int codePoint) =>
        codePoint is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
            or (>= 0x2A700 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>\w in a class of a pattern: what all notions of a word character have in common.</summary>
    public static bool IsClassWord(int codePoint)
    {
        if (codePoint < 0x80)
        {
            return char.IsAsciiLetterOrDigit((char)codePoint) || codePoint == '_';
        }
        var category = CharUnicodeInfo.GetUnicodeCategory(codePoint);
        return category is <= UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation
            || IsMark(category)
            || codePoint is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149)
                or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);
    }

    private static bool IsMark(UnicodeCategory category) => category
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
