using System.Buffers;
using System.Text;

namespace SearchEngine.Models.Chunking;

/// <summary>
/// Recognises what ends at a place of a UTF-8 text, by white space and punctuation alone: no dictionary, every language
/// that marks its sentences.
/// </summary>
internal static class TextBorders
{
    /// <summary>Bytes of white space looked at on either side of a place: a text of nothing else must not take quadratic time.</summary>
    private const int MaxSpace = 256;

    /// <summary>Full stops that end a sentence only before white space.</summary>
    private static readonly SearchValues<char> SpacedStops = SearchValues.Create(".!?…؟۔।॥։።፧។៕‼⁇⁈⁉");

    /// <summary>Full stops of scripts that put no space behind them.</summary>
    private static readonly SearchValues<char> UnspacedStops = SearchValues.Create("。！？．｡");

    private static readonly SearchValues<char> Closers = SearchValues.Create("\"')]}»”’›」』】）］");

    /// <summary>What ends at <paramref name="position"/>, which is a character border inside the text.</summary>
    public static BorderKind Classify(ReadOnlySpan<byte> text, int position)
    {
        var (start, newlines) = SkipBack(text[..position]);
        var (end, following) = SkipForward(text, position);
        newlines += following;
        if (start == 0 || newlines >= 2)
        {
            return BorderKind.Paragraph;
        }
        if (EndsSentence(text[..start], text[end..], isSpaced: start < end))
        {
            return BorderKind.Sentence;
        }
        if (newlines == 1)
        {
            return BorderKind.Line;
        }
        return start < end || IsIdeographic(text, position) ? BorderKind.Word : BorderKind.Token;
    }

    private static (int Start, int Newlines) SkipBack(ReadOnlySpan<byte> text)
    {
        var newlines = 0;
        var floor = text.Length - MaxSpace;
        while (text.Length > floor
            && Rune.DecodeLastFromUtf8(text, out var rune, out var length) == OperationStatus.Done && Rune.IsWhiteSpace(rune))
        {
            newlines += IsNewline(rune) ? 1 : 0;
            text = text[..^length];
        }
        return (text.Length, newlines);
    }

    private static (int End, int Newlines) SkipForward(ReadOnlySpan<byte> text, int position)
    {
        var newlines = 0;
        var ceiling = position + MaxSpace;
        while (position < ceiling
            && Rune.DecodeFromUtf8(text[position..], out var rune, out var length) == OperationStatus.Done && Rune.IsWhiteSpace(rune))
        {
            newlines += IsNewline(rune) ? 1 : 0;
            position += length;
        }
        return (position, newlines);
    }

    private static bool EndsSentence(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, bool isSpaced)
    {
        var rune = TakeLast(ref before);
        while (Is(rune, Closers))
        {
            rune = TakeLast(ref before);
        }
        if (Is(rune, UnspacedStops))
        {
            // A closing quotation mark still to come belongs to the sentence.
            return Rune.DecodeFromUtf8(after, out var next, out _) != OperationStatus.Done || !Is(next, Closers);
        }
        if (!isSpaced || !Is(rune, SpacedStops))
        {
            return false;
        }
        // "e.g. this" and "J. Smith" end no sentence.
        if (Rune.DecodeFromUtf8(after, out var first, out _) == OperationStatus.Done && Rune.IsLower(first))
        {
            return false;
        }
        var last = TakeLast(ref before);
        return rune.Value != '.' || !Rune.IsUpper(last) || Rune.IsLetterOrDigit(TakeLast(ref before));
    }

    /// <summary>Words of these scripts stand without spaces between them.</summary>
    private static bool IsIdeographic(ReadOnlySpan<byte> text, int position) =>
        Rune.DecodeFromUtf8(text[position..], out var rune, out _) == OperationStatus.Done
        && rune.Value is (>= 0x2E80 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF);

    private static Rune TakeLast(ref ReadOnlySpan<byte> text)
    {
        if (Rune.DecodeLastFromUtf8(text, out var rune, out var length) != OperationStatus.Done)
        {
            return new Rune(' ');
        }
        text = text[..^length];
        return rune;
    }

    private static bool Is(Rune rune, SearchValues<char> characters) => rune.IsBmp && characters.Contains((char)rune.Value);

    private static bool IsNewline(Rune rune) => rune.Value is '\n' or 0x85 or 0x2028 or 0x2029;
}
