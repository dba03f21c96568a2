using System.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Text;

/// <summary>GPT-2's alphabet: a printable character for each of the 256 bytes, printable bytes standing for themselves.</summary>
internal static class ByteAlphabet
{
    /// <summary>Stands for the space.</summary>
    public const char Space = '\u0120';

    private const int MaxUtf8Length = 4;

    private static readonly char[] Letters = CreateLetters();

    /// <summary>Appends the bytes of source[start..end]; every byte aligns with its character.</summary>
    public static void Append(TextBuffer source, int start, int end, TextBuffer target)
    {
        var chars = source.Chars[..end];
        Span<byte> bytes = stackalloc byte[MaxUtf8Length];
        for (var index = start; index < end;)
        {
            var (from, to) = (source.Starts[index], source.Ends[index]);
            if (chars[index] < 0x80)
            {
                target.Append(Letters[chars[index++]], from, to);
                continue;
            }
            var length = new Rune(CodePoints.Read(chars, ref index)).EncodeToUtf8(bytes);
            foreach (var value in bytes[..length])
            {
                target.Append(Letters[value], from, to);
            }
        }
    }

    private static char[] CreateLetters()
    {
        var letters = new char[256];
        var next = (char)256;
        for (var value = 0; value < letters.Length; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            letters[value] = printable ? (char)value : next++;
        }
        return letters;
    }
}
