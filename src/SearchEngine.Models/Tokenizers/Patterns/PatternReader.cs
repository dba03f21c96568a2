using System.Globalization;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>A position in the text of a pattern.</summary>
internal sealed class PatternReader(string text, string path)
{
    private const int ShownLength = 80;

    public string Text => text;

    public int Position { get; private set; }

    public bool AtEnd => Position == text.Length;

    public char Peek() => AtEnd ? throw Error("ends too early") : text[Position];

    public int Take()
    {
        if (AtEnd)
        {
            throw Error("ends too early");
        }
        var position = Position;
        var codePoint = CodePoints.Read(text, ref position);
        Position = position;
        return codePoint;
    }

    public bool TryTake(char expected)
    {
        if (AtEnd || text[Position] != expected)
        {
            return false;
        }
        Position++;
        return true;
    }

    public bool TryTake(string expected)
    {
        if (!text.AsSpan(Position).StartsWith(expected, StringComparison.Ordinal))
        {
            return false;
        }
        Position += expected.Length;
        return true;
    }

    /// <summary>Hexadecimal digits up to a count, or up to a closing brace.</summary>
    public int TakeHexadecimal(int digits)
    {
        var braced = digits == 0;
        var end = braced ? text.IndexOf('}', Position) : Math.Min(text.Length, Position + digits);
        if (end < 0
            || !int.TryParse(text.AsSpan(Position, end - Position), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || value is < 0 or > 0x10FFFF or (>= 0xD800 and <= 0xDFFF))
        {
            throw Error("has a malformed hexadecimal escape");
        }
        Position = braced ? end + 1 : end;
        return value;
    }

    /// <summary>The bounds of {n}, {n,}, {,m} or {n,m}; (-1, -1) where a brace stands for itself.</summary>
    public (int Min, int Max) PeekInterval()
    {
        var close = text.IndexOf('}', Position);
        if (close < 0)
        {
            return (-1, -1);
        }
        var inside = text.AsSpan(Position + 1, close - Position - 1);
        var comma = inside.IndexOf(',');
        var low = comma < 0 ? inside : inside[..comma];
        var high = comma < 0 ? inside : inside[(comma + 1)..];
        if (inside.Length <= 1 && comma == 0)
        {
            return (-1, -1);
        }
        var min = 0;
        var max = int.MaxValue;
        if ((low.IsEmpty && comma < 0)
            || (!low.IsEmpty && !int.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out min))
            || (!high.IsEmpty && !int.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out max)))
        {
            return (-1, -1);
        }
        if (min > PatternLimits.MaxRepeat || (max != int.MaxValue && max > PatternLimits.MaxRepeat) || max < min)
        {
            throw Error($"has a repeat count outside 0..{PatternLimits.MaxRepeat}");
        }
        return (min, max);
    }

    public void SkipQuantifier() => Position = text[Position] == '{' ? text.IndexOf('}', Position) + 1 : Position + 1;

    public TokenizerException Error(string fault)
    {
        var shown = text.Length <= ShownLength ? text : text[..ShownLength] + "…";
        return new TokenizerException(path, $"The pattern \"{shown}\" {fault} (at character {Position}).");
    }
}
