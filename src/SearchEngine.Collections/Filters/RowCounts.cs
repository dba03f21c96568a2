using System.Numerics;

namespace SearchEngine.Collections.Filters;

/// <summary>A small counter per row, kept as planes of bits: plane p holds bit p of every counter.</summary>
internal sealed class RowCounts : IDisposable
{
    private readonly RowSet[] _planes;

    /// <param name="most">The greatest count that can occur.</param>
    public RowCounts(int rows, int most)
    {
        _planes = new RowSet[BitOperations.Log2((uint)most) + 1];
        for (int p = 0; p < _planes.Length; p++)
        {
            _planes[p] = RowSet.None(rows);
        }
    }

    public void Add(ReadOnlySpan<ulong> rows)
    {
        for (int w = 0; w < rows.Length; w++)
        {
            ulong carry = rows[w];
            for (int p = 0; carry != 0 && p < _planes.Length; p++)
            {
                ref ulong plane = ref _planes[p].Bits[w];
                ulong both = plane & carry;
                plane ^= carry;
                carry = both;
            }
        }
    }

    public RowSet AtLeast(int least)
    {
        RowSet rows = RowSet.None(_planes[0].Rows);
        for (int w = 0; w < rows.Words.Length; w++)
        {
            // From the highest bit: greater where the counter has a bit that the bound lacks, all before being equal.
            ulong greater = 0;
            ulong equal = ulong.MaxValue;
            for (int p = _planes.Length - 1; p >= 0; p--)
            {
                ulong plane = _planes[p].Words[w];
                if ((least >> p & 1) == 0)
                {
                    greater |= equal & plane;
                    equal &= ~plane;
                }
                else
                {
                    equal &= plane;
                }
            }
            rows.Bits[w] = greater | equal;
        }
        // Counters behind the last row are zero, and the bound is not.
        return rows;
    }

    public void Dispose()
    {
        foreach (RowSet plane in _planes)
        {
            plane.Dispose();
        }
    }
}
