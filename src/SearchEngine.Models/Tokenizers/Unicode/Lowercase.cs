using System.Text;

namespace SearchEngine.Models.Tokenizers.Unicode;

/// <summary>Lower case of one character by Unicode 17 without context: sigma is always σ, and İ becomes two characters.</summary>
internal static class Lowercase
{
    public const int DottedCapitalI = 0x130;
    public const int CombiningDotAbove = 0x307;

    /// <summary>The (first) lower-case character; for <see cref="DottedCapitalI"/> the dot above follows it.</summary>
    public static int Map(int codePoint)
    {
        if (codePoint < 0x80)
        {
            return codePoint is >= 'A' and <= 'Z' ? codePoint | 0x20 : codePoint;
        }
        // Pairs that the runtime's case data lacks.
        return codePoint switch
        {
            DottedCapitalI => 'i',
            0x1C89 or 0xA7CC or 0xA7CE or 0xA7D2 or 0xA7D4 or 0xA7DA => codePoint + 1,
            0xA7CB => 0x264,
            0xA7DC => 0x19B,
            >= 0x10D50 and <= 0x10D65 => codePoint + 0x20,
            >= 0x16EA0 and <= 0x16EB8 => codePoint + 0x1B,
            _ => Rune.ToLowerInvariant(new Rune(codePoint)).Value,
        };
    }
}
