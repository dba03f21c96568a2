using System.Text;
using SearchEngine.Collections.Documents;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Segments;

/// <summary>
/// An id as it is stored and compared: a number, or the UTF-8 bytes of a text. The hash stands in files: changing it makes
/// every segment's table unreadable.
/// </summary>
internal readonly ref struct IdKey
{
    private const ulong TextSeed = 0x1D;

    private IdKey(ulong number, ReadOnlySpan<byte> text, ulong hash)
    {
        Number = number;
        Text = text;
        Hash = (uint)(hash >> 32);
    }

    public ulong Number { get; }

    /// <summary>Empty for a number.</summary>
    public ReadOnlySpan<byte> Text { get; }

    public bool IsText => !Text.IsEmpty;

    public uint Hash { get; }

    public bool Equals(in IdKey other) => Number == other.Number && Text.SequenceEqual(other.Text);

    /// <param name="scratch">Holds the bytes of a text as long as the key is used; <see cref="DocumentId.MaxTextBytes"/> of them.</param>
    public static IdKey Of(DocumentId id, Span<byte> scratch) => id.Text is string text
        ? OfText(scratch[..Encoding.UTF8.GetBytes(text, scratch)])
        : OfNumber(id.Number);

    public static IdKey OfNumber(ulong number) => new(number, default, Mix(number));

    public static IdKey OfText(ReadOnlySpan<byte> text) => new(0, text, BlockChecksum.Of(text, TextSeed));

    // The finalizer of SplitMix64: consecutive numbers, the usual ids, spread over all bits.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
