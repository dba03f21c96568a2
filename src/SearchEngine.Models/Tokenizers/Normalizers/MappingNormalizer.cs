using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Normalizers;

/// <summary>Normalizers that look at one character at a time and keep, replace or drop it.</summary>
internal sealed class MappingNormalizer : Normalizer
{
    private const int Dropped = -1;

    private readonly string _name;
    private readonly Func<int, int> _map;

    private MappingNormalizer(string name, Func<int, int> map) => (_name, _map) = (name, map);

    public static MappingNormalizer StripAccents { get; } =
        new("StripAccents", codePoint => CharacterClasses.IsCombiningMark(codePoint) ? Dropped : codePoint);

    /// <summary>The clean-up rules of neural machine translation corpora: controls dropped, odd spaces made plain.</summary>
    public static MappingNormalizer Nmt { get; } = new("Nmt", codePoint => codePoint switch
    {
        (>= 0x1 and <= 0x8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or 0x8F or 0x9F => Dropped,
        0x9 or 0xA or 0xC or 0xD or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD => ' ',
        _ => codePoint,
    });

    public override void Normalize(
        TextBuffer source, int start, int end, TextBuffer target, int origin, EncodeScratch scratch)
    {
        var chars = source.Chars[..end];
        for (var index = start; index < end;)
        {
            var position = index;
            var mapped = _map(CodePoints.Read(chars, ref index));
            if (mapped != Dropped)
            {
                target.AppendCodePoint(mapped, source.Starts[position], source.Ends[position]);
            }
        }
    }

    public override void Describe(FingerprintWriter fingerprint) => fingerprint.Add(_name);
}
