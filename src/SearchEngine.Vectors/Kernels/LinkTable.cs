using System.Runtime.CompilerServices;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// The link rows of one level: <see cref="Width"/> ordinals each, unused slots at the tail hold <see cref="Padding"/>.
/// A view; the memory belongs to a <see cref="RowMemory"/> that the caller keeps alive.
/// </summary>
internal readonly unsafe struct LinkTable
{
    private readonly uint* _rows;
    private readonly uint* _index;
    private readonly int _count;
    private readonly int _lines;

    /// <param name="rows">Memory of the rows.</param>
    /// <param name="firstRow">Where this level starts in it.</param>
    /// <param name="count">Rows of this level.</param>
    /// <param name="padding">Value of an unused slot: the number of rows of the segment, which is no ordinal.</param>
    public LinkTable(RowMemory rows, int firstRow, int count, uint padding)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)firstRow + count, rows.Count, nameof(count));
        Width = rows.Stride / sizeof(uint);
        Padding = padding;
        _rows = (uint*)rows.Address + (long)firstRow * Width;
        _count = count;
        _lines = (rows.Stride + 63) / 64;
    }

    /// <summary>A level whose rows are not in ordinal order.</summary>
    /// <param name="index">One u32 per ordinal: its row in <paramref name="rows"/>, counted from <paramref name="firstRow"/>.
    /// Read only for ordinals that links of this level name.</param>
    /// <param name="count">Ordinals of the segment.</param>
    public LinkTable(RowMemory rows, int firstRow, RowMemory index, int count, uint padding)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, index.Count);
        Width = rows.Stride / sizeof(uint);
        Padding = padding;
        _rows = (uint*)rows.Address + (long)firstRow * Width;
        _index = (uint*)index.Address;
        _count = count;
        _lines = (rows.Stride + 63) / 64;
    }

    public int Width { get; }

    public uint Padding { get; }

    public int Count => _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<uint> Row(uint ordinal)
    {
        if (ordinal >= (uint)_count)
        {
            ThrowOutOfRange(ordinal);
        }
        uint row = _index == null ? ordinal : _index[ordinal];
        return new ReadOnlySpan<uint>(_rows + (long)row * Width, Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint* RowAddress(uint ordinal)
    {
        if (ordinal >= (uint)_count)
        {
            ThrowOutOfRange(ordinal);
        }
        return _rows + (long)(_index == null ? ordinal : _index[ordinal]) * Width;
    }

    /// <summary>The used part of a row.</summary>
    public ReadOnlySpan<uint> Links(uint ordinal)
    {
        ReadOnlySpan<uint> row = Row(ordinal);
        int end = row.IndexOf(Padding);
        return end < 0 ? row : row[..end];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchRow(uint ordinal)
    {
        // Indexed levels are small and in the cache anyway.
        if (_index == null)
        {
            Prefetch.Lines((byte*)(_rows + (long)ordinal * Width), _lines);
        }
    }

    private static void ThrowOutOfRange(uint ordinal) =>
        throw new InvalidDataException($"A link names ordinal {ordinal}, which this level does not have; the link file is damaged.");
}
