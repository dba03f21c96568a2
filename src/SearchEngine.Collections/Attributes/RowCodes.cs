using System.Numerics;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>The code of each row, in as few bytes as the dictionary allows; the number of codes stands for no value. Mapped.</summary>
internal sealed class RowCodes
{
    private readonly int _width;
    private readonly MappedArray<byte> _narrow;
    private readonly MappedArray<ushort> _medium;
    private readonly MappedArray<uint> _wide;

    public RowCodes(SectionFile file, int position, int rows, int width)
    {
        string name = ColumnSections.Of(position, ColumnSections.RowCodes);
        _width = width;
        int length = -1;
        switch (width)
        {
            case sizeof(byte):
                _narrow = file.Array<byte>(name);
                length = _narrow.Length;
                break;
            case sizeof(ushort):
                _medium = file.Array<ushort>(name);
                length = _medium.Length;
                break;
            case sizeof(uint):
                _wide = file.Array<uint>(name);
                length = _wide.Length;
                break;
        }
        if (length != rows)
        {
            throw StorageErrors.Damaged(file.Path, $"section '{name}' does not have a code of {width} bytes for each of {rows} rows");
        }
        Bytes = (long)rows * width;
    }

    public long Bytes { get; }

    /// <summary>Bytes per code for a dictionary, room for the code of no value included.</summary>
    public static int WidthFor(int codes) =>
        codes <= byte.MaxValue ? sizeof(byte) : codes <= ushort.MaxValue ? sizeof(ushort) : sizeof(uint);

    /// <summary>Adds the rows whose code lies in one of the ranges.</summary>
    public void Add(List<CodeRange> ranges, RowSet rows)
    {
        foreach (CodeRange range in ranges)
        {
            switch (_width)
            {
                case sizeof(byte):
                    Compare(_narrow.Span, range, rows);
                    break;
                case sizeof(ushort):
                    Compare(_medium.Span, range, rows);
                    break;
                default:
                    Compare(_wide.Span, range, rows);
                    break;
            }
        }
    }

    private static void Compare<T>(ReadOnlySpan<T> codes, CodeRange range, RowSet rows)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T> =>
        RangeMask.Or(codes, T.CreateTruncating(range.First), T.CreateTruncating(range.End - 1 - range.First), rows.Bits);
}
