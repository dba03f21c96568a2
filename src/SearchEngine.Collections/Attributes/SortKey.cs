namespace SearchEngine.Collections.Attributes;

/// <summary>
/// A value as an order sees it: the key of a number (see <see cref="NumberKey"/>) or the UTF-8 of a keyword. Keys of one
/// attribute compare across segments.
/// </summary>
internal readonly struct SortKey : IComparable<SortKey>, IEquatable<SortKey>
{
    public SortKey(long number) => Number = number;

    public SortKey(byte[] text) => Text = text;

    public long Number { get; }

    /// <summary>Null for a number.</summary>
    public byte[]? Text { get; }

    public int CompareTo(SortKey other) =>
        Text is null ? Number.CompareTo(other.Number) : Text.AsSpan().SequenceCompareTo(other.Text);

    public bool Equals(SortKey other) => Number == other.Number && Text.AsSpan().SequenceEqual(other.Text);

    public override bool Equals(object? obj) => obj is SortKey other && Equals(other);

    public override int GetHashCode() => Text is null ? Number.GetHashCode() : BytesComparer.Instance.GetHashCode(Text);
}
