using System.Buffers.Binary;
using System.Text;

namespace SearchEngine.Models.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's compiled character map: a length, a double-array trie over UTF-8 bytes in the layout of darts-clone, and
/// the replacements, each ended by a zero byte. Every index read from it is checked: the map comes from a file.
/// </summary>
internal sealed class CharacterMap
{
    private const int UnitLength = sizeof(uint);
    private const uint ValueFlag = 1u << 31;
    private const uint LeafFlag = 1u << 8;
    private const uint LabelMask = ValueFlag | 0xFF;

    private readonly uint[] _units;
    private readonly string _replacements;

    /// <summary>Where the replacement that begins at a byte begins in <see cref="_replacements"/>.</summary>
    private readonly int[] _positions;

    private CharacterMap(uint[] units, string replacements, int[] positions) =>
        (_units, _replacements, _positions) = (units, replacements, positions);

    public static CharacterMap Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < UnitLength)
        {
            throw new TokenizerException(path, "The character map is shorter than its header.");
        }
        var trieLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        bytes = bytes[UnitLength..];
        if (trieLength > bytes.Length || trieLength % UnitLength != 0 || trieLength == 0)
        {
            throw new TokenizerException(
                path, $"The character map states a trie of {trieLength} bytes, {bytes.Length} follow; it must be a multiple of {UnitLength}.");
        }
        var units = new uint[trieLength / UnitLength];
        for (var unit = 0; unit < units.Length; unit++)
        {
            units[unit] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(unit * UnitLength)..]);
        }
        var (replacements, positions) = ReadReplacements(bytes[(int)trieLength..], path);
        return new CharacterMap(units, replacements, positions);
    }

    /// <summary>The replacement of the shortest key that the text begins with; that is the reference's choice.</summary>
    public bool TryFind(scoped ReadOnlySpan<byte> text, out ReadOnlySpan<char> replacement)
    {
        replacement = default;
        var node = Offset(_units[0]);
        foreach (var value in text)
        {
            node ^= value;
            if (value == 0 || node >= _units.Length || (_units[node] & LabelMask) != value)
            {
                return false;
            }
            var unit = _units[node];
            node ^= Offset(unit);
            if ((unit & LeafFlag) != 0)
            {
                return node < _units.Length && TryGetReplacement(_units[node] & ~ValueFlag, out replacement);
            }
        }
        return false;
    }

    public void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add(_units.Length);
        foreach (var unit in _units)
        {
            fingerprint.Add(unit);
        }
        fingerprint.Add(_replacements);
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & (1u << 9)) >> 6);

    private bool TryGetReplacement(uint position, out ReadOnlySpan<char> replacement)
    {
        replacement = default;
        if (position >= _positions.Length || _positions[position] < 0)
        {
            return false;
        }
        replacement = _replacements.AsSpan(_positions[position]);
        var end = replacement.IndexOf('\0');
        replacement = end < 0 ? replacement : replacement[..end];
        return true;
    }

    private static (string Replacements, int[] Positions) ReadReplacements(ReadOnlySpan<byte> bytes, string path)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException fault)
        {
            throw new TokenizerException(path, "The replacements of the character map are not UTF-8.", fault);
        }
        var positions = new int[bytes.Length];
        Array.Fill(positions, -1);
        var (unit, offset) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            positions[offset] = unit;
            offset += rune.Utf8SequenceLength;
            unit += rune.Utf16SequenceLength;
        }
        return (text, positions);
    }
}
