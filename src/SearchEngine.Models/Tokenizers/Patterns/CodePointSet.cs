using System.Globalization;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>A set of code points: a character class, a property or a single character of a pattern.</summary>
internal sealed class CodePointSet
{
    private const int AsciiCount = 128;

    private readonly int[] _ranges;
    private readonly uint _categories;
    private readonly Func<int, bool>? _rule;
    private readonly CodePointSet[] _parts;
    private readonly bool _negated;
    private readonly UInt128 _ascii;

    private CodePointSet(int[] ranges, uint categories, Func<int, bool>? rule, CodePointSet[] parts, bool negated)
    {
        (_ranges, _categories, _rule, _parts, _negated) = (ranges, categories, rule, parts, negated);
        for (var codePoint = 0; codePoint < AsciiCount; codePoint++)
        {
            if (Evaluate(codePoint))
            {
                _ascii |= UInt128.One << codePoint;
            }
        }
    }

    public static CodePointSet Space { get; } = new([], 0, CharacterClasses.IsWhiteSpace, [], negated: false);

    public static CodePointSet Word { get; } = new([], 0, CharacterClasses.IsPatternWord, [], negated: false);

    /// <summary>\w inside a class, where Oniguruma lacks the superscripts and fractions of Latin-1.</summary>
    public static CodePointSet WordInClass { get; } = new([], 0, CharacterClasses.IsClassWord, [], negated: false);

    public static CodePointSet Digit { get; } = OfCategories(1u << (int)UnicodeCategory.DecimalDigitNumber);

    public static CodePointSet AnyButNewline { get; } = new(['\n', '\n'], 0, null, [], negated: true);

    public static CodePointSet Han { get; } = new(Scripts.Han, 0, null, [], negated: false);

    public static CodePointSet Range(int first, int last) => new([first, last], 0, null, [], negated: false);

    /// <param name="categories">Bit n stands for the general category n of <see cref="UnicodeCategory"/>.</param>
    public static CodePointSet OfCategories(uint categories) => new([], categories, null, [], negated: false);

    public static CodePointSet Union(IEnumerable<CodePointSet> parts) => new([], 0, null, [.. parts], negated: false);

    public CodePointSet Negate() => new(_ranges, _categories, _rule, _parts, !_negated);

    public bool Contains(int codePoint) =>
        codePoint < AsciiCount ? (_ascii >> codePoint & UInt128.One) != UInt128.Zero : Evaluate(codePoint);

    private bool Evaluate(int codePoint)
    {
        var found = CodePointRanges.Contains(_ranges, codePoint)
            || (_categories != 0 && (_categories >> (int)CharUnicodeInfo.GetUnicodeCategory(codePoint) & 1) != 0)
            || (_rule is not null && _rule(codePoint));
        for (var part = 0; part < _parts.Length && !found; part++)
        {
            found = _parts[part].Contains(codePoint);
        }
        return found != _negated;
    }
}
