using System.Text;

namespace SearchEngine.Collections.Documents;

/// <summary>The caller's name of a document: a number or a text. 7 and "7" are two different ids.</summary>
public readonly struct DocumentId : IEquatable<DocumentId>, IComparable<DocumentId>
{
    public const int MaxTextBytes = 256;

    public DocumentId(ulong number) => Number = number;

    /// <param name="text">1 to 256 bytes of UTF-8 without control characters.</param>
    public DocumentId(string text)
    {
        Check(text);
        Text = text;
    }

    /// <summary>The text form, or null for a number.</summary>
    public string? Text { get; }

    public ulong Number { get; }

    public bool IsText => Text is not null;

    public static implicit operator DocumentId(ulong number) => new(number);

    public static implicit operator DocumentId(string text) => new(text);

    public static bool operator ==(DocumentId left, DocumentId right) => left.Equals(right);

    public static bool operator !=(DocumentId left, DocumentId right) => !left.Equals(right);

    public bool Equals(DocumentId other) => Number == other.Number && Text == other.Text;

    public override bool Equals(object? obj) => obj is DocumentId other && Equals(other);

    public override int GetHashCode() => Text is null ? Number.GetHashCode() : string.GetHashCode(Text, StringComparison.Ordinal);

    /// <summary>Numbers before texts; texts by UTF-16 code units.</summary>
    public int CompareTo(DocumentId other) => (Text, other.Text) switch
    {
        (null, null) => Number.CompareTo(other.Number),
        (null, _) => -1,
        (_, null) => 1,
        var (left, right) => string.CompareOrdinal(left, right),
    };

    public override string ToString() => Text is null ? Number.ToString(System.Globalization.CultureInfo.InvariantCulture) : $"\"{Text}\"";

    private static void Check(string text)
    {
        // Each UTF-16 unit is at most 3 bytes, so short texts need no count.
        if (text.Length == 0 || (3 * text.Length > MaxTextBytes && Encoding.UTF8.GetByteCount(text) > MaxTextBytes))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "id",
                $"An id of {Encoding.UTF8.GetByteCount(text)} bytes: texts of ids have 1 to {MaxTextBytes} bytes of UTF-8.",
                "Use a shorter id, for example a hash of it.");
        }
        for (int i = 0; i < text.Length; i++)
        {
            bool paired = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (char.IsControl(text[i]) || (char.IsSurrogate(text[i]) && !paired))
            {
                throw new CollectionException(
                    CollectionError.FieldInvalid, "id",
                    $"The id has U+{(int)text[i]:X4} at position {i}: ids are valid text without control characters.",
                    "Remove it or encode the id, for example as hexadecimal digits.");
            }
            i += paired ? 1 : 0;
        }
    }
}
