using System.Globalization;
using System.Text;
using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's normalization by a compiled map. As in the reference a grapheme of fewer than six bytes is looked up
/// whole, and one that is not found, or longer, character by character.
/// </summary>
internal sealed class PrecompiledNormalizer : Normalizer
{
    private const int MaxGraphemeLength = 5;
    private const int AsciiCount = 128;

    private readonly CharacterMap _map;

    /// <summary>Replacements of single ASCII characters; null where there is none.</summary>
    private readonly string?[] _ascii = new string?[AsciiCount];

    public PrecompiledNormalizer(CharacterMap map)
    {
        _map = map;
        for (byte value = 0; value < AsciiCount; value++)
        {
            _ascii[value] = map.TryFind([value], out var replacement) ? replacement.ToString() : null;
        }
    }

    public override void Normalize(
        TextBuffer source, int start, int end, TextBuffer target, int origin, EncodeScratch scratch)
    {
        var chars = source.Chars[..end];
        var transform = new AlignedTransform(source, start, end, target, origin);
        for (var index = start; index < end;)
        {
            var unit = chars[index];
            if (unit < AsciiCount && unit != '\r' && (index + 1 == end || chars[index + 1] < AsciiCount))
            {
                Write(_ascii[unit], unit, ref transform);
                index++;
                continue;
            }
            var length = StringInfo.GetNextTextElementLength(chars[index..]);
            WriteGrapheme(chars.Slice(index, length), ref transform);
            index += length;
        }
    }

    public override void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add("Precompiled");
        _map.Describe(fingerprint);
    }

    private static void Write(string? replacement, char original, ref AlignedTransform transform)
    {
        if (replacement is null)
        {
            transform.Write(original, 0);
        }
        else
        {
            WriteReplacement(replacement, 1, ref transform);
        }
    }

    private void WriteGrapheme(ReadOnlySpan<char> grapheme, ref AlignedTransform transform)
    {
        Span<byte> bytes = stackalloc byte[MaxGraphemeLength];
        if (Encoding.UTF8.TryGetBytes(grapheme, bytes, out var length)
            && _map.TryFind(bytes[..length], out var replacement))
        {
            WriteReplacement(replacement, CodePoints.Count(grapheme), ref transform);
            return;
        }
        foreach (var rune in grapheme.EnumerateRunes())
        {
            length = rune.EncodeToUtf8(bytes);
            if (_map.TryFind(bytes[..length], out replacement))
            {
                WriteReplacement(replacement, 1, ref transform);
            }
            else
            {
                transform.Write(rune.Value, 0);
            }
        }
    }

    /// <summary>Pairs replaced with replacing characters; what is left over on either side is dropped or added.</summary>
    private static void WriteReplacement(
        scoped ReadOnlySpan<char> replacement, int replaced, scoped ref AlignedTransform transform)
    {
        for (var index = 0; index < replacement.Length;)
        {
            var codePoint = CodePoints.Read(replacement, ref index);
            transform.Write(codePoint, replaced > 0 ? 0 : 1);
            replaced--;
        }
        transform.Skip(replaced);
    }
}
