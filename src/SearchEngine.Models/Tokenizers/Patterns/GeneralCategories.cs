using System.Collections.Frozen;
using System.Globalization;
using static System.Globalization.UnicodeCategory;

namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>The general categories that \p{...} can name, as bits by <see cref="UnicodeCategory"/>.</summary>
internal static class GeneralCategories
{
    private static readonly FrozenDictionary<string, uint> ByName = new Dictionary<string, uint>
    {
        ["L"] = Bits(UppercaseLetter, LowercaseLetter, TitlecaseLetter, ModifierLetter, OtherLetter),
        ["Lu"] = Bits(UppercaseLetter),
        ["Ll"] = Bits(LowercaseLetter),
        ["Lt"] = Bits(TitlecaseLetter),
        ["Lm"] = Bits(ModifierLetter),
        ["Lo"] = Bits(OtherLetter),
        ["M"] = Bits(NonSpacingMark, SpacingCombiningMark, EnclosingMark),
        ["Mn"] = Bits(NonSpacingMark),
        ["Mc"] = Bits(SpacingCombiningMark),
        ["Me"] = Bits(EnclosingMark),
        ["N"] = Bits(DecimalDigitNumber, LetterNumber, OtherNumber),
        ["Nd"] = Bits(DecimalDigitNumber),
        ["Nl"] = Bits(LetterNumber),
        ["No"] = Bits(OtherNumber),
        ["P"] = Bits(
            ConnectorPunctuation, DashPunctuation, OpenPunctuation, ClosePunctuation, InitialQuotePunctuation,
            FinalQuotePunctuation, OtherPunctuation),
        ["Pc"] = Bits(ConnectorPunctuation),
        ["Pd"] = Bits(DashPunctuation),
        ["Ps"] = Bits(OpenPunctuation),
        ["Pe"] = Bits(ClosePunctuation),
        ["Pi"] = Bits(InitialQuotePunctuation),
        ["Pf"] = Bits(FinalQuotePunctuation),
        ["Po"] = Bits(OtherPunctuation),
        ["S"] = Bits(MathSymbol, CurrencySymbol, ModifierSymbol, OtherSymbol),
        ["Sm"] = Bits(MathSymbol),
        ["Sc"] = Bits(CurrencySymbol),
        ["Sk"] = Bits(ModifierSymbol),
        ["So"] = Bits(OtherSymbol),
        ["Z"] = Bits(SpaceSeparator, LineSeparator, ParagraphSeparator),
        ["Zs"] = Bits(SpaceSeparator),
        ["Zl"] = Bits(LineSeparator),
        ["Zp"] = Bits(ParagraphSeparator),
        ["C"] = Bits(Control, Format, Surrogate, PrivateUse, OtherNotAssigned),
        ["Cc"] = Bits(Control),
        ["Cf"] = Bits(Format),
        ["Co"] = Bits(PrivateUse),
        ["Cn"] = Bits(OtherNotAssigned),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static uint? Find(string name) => ByName.TryGetValue(name, out var bits) ? bits : null;

    /// <summary>Whether the set has one case of a letter without the other.</summary>
    public static bool DependOnCase(uint categories)
    {
        var cased = Bits(UppercaseLetter, LowercaseLetter, TitlecaseLetter);
        return (categories & cased) != 0 && (categories & cased) != cased;
    }

    private static uint Bits(params ReadOnlySpan<UnicodeCategory> categories)
    {
        var bits = 0u;
        foreach (var category in categories)
        {
            bits |= 1u << (int)category;
        }
        return bits;
    }
}
