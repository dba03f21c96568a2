namespace SearchEngine.Collections.Multi;

/// <summary>The stored rows of one document under one multi vector. Valid as long as the segment that gave them.</summary>
internal readonly ref struct MultiRows(ReadOnlySpan<byte> rows, ReadOnlySpan<float> lengths)
{
    /// <summary>Row after row, each <see cref="MultiLayout.Stride"/> bytes.</summary>
    public ReadOnlySpan<byte> Rows { get; } = rows;

    /// <summary>The caller's length of each row; empty where the layout has none.</summary>
    public ReadOnlySpan<float> Lengths { get; } = lengths;

    /// <summary>Whether the document lacks the vector.</summary>
    public bool IsEmpty => Rows.IsEmpty;
}
