using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SearchEngine.Models.Tokenizers.Text;

/// <summary>Between UTF-8, which callers count in, and UTF-16, which the tokenizer works in.</summary>
internal static class ByteOffsets
{
    /// <summary>The UTF-16 of a text; it lies in the scratch.</summary>
    public static ReadOnlySpan<char> Decode(ReadOnlySpan<byte> utf8, EncodeScratch scratch)
    {
        if (scratch.Transcoded.Length < utf8.Length)
        {
            scratch.Transcoded = new char[utf8.Length];
        }
        var status = Utf8.ToUtf16(utf8, scratch.Transcoded, out var read, out var written, replaceInvalidSequences: false);
        return status == OperationStatus.Done
            ? scratch.Transcoded.AsSpan(0, written)
            : throw new TextEncodingException($"The text is not UTF-8 from byte {read}.", read);
    }

    /// <summary>Turns the ranges of the tokens from UTF-16 units into bytes.</summary>
    public static void Convert(ReadOnlySpan<char> text, TokenSequence tokens, EncodeScratch scratch)
    {
        if (Ascii.IsValid(text))
        {
            tokens.TextLength = text.Length;
            return;
        }
        if (scratch.ByteOffsets.Length <= text.Length)
        {
            scratch.ByteOffsets = new int[Math.Max(text.Length + 1, 2 * scratch.ByteOffsets.Length)];
        }
        var map = scratch.ByteOffsets;
        var offset = 0;
        for (var index = 0; index < text.Length; index++)
        {
            map[index] = offset;
            var unit = text[index];
            // Each half of a surrogate pair counts for two of its four bytes; ranges never end between them.
            offset += unit < 0x80 ? 1 : unit < 0x800 || char.IsSurrogate(unit) ? 2 : 3;
        }
        map[text.Length] = offset;
        foreach (ref var start in tokens.MutableStarts)
        {
            start = map[start];
        }
        foreach (ref var end in tokens.MutableEnds)
        {
            end = map[end];
        }
        tokens.TextLength = offset;
    }
}
