using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// The link rows of one level of a live segment. Readers walk <see cref="Table"/> at any time; a writer holds the row's
/// lock. What makes that safe: a slot is one aligned word, every store is a release, and each value ever stored is either
/// the padding or an ordinal whose code was written before. A reader in the middle of a rewrite sees a mixture of old
/// and new links, never anything else.
/// </summary>
internal sealed class LiveLevel
{
    private readonly ReservedRows _rows;
    private readonly ReservedRows? _index;
    private readonly int _firstRow;

    /// <summary>A level on which every ordinal stands.</summary>
    public LiveLevel(ReservedRows rows)
    {
        _rows = rows;
        Table = new LinkTable(rows, 0, rows.Count, (uint)rows.Count);
    }

    /// <summary>A level on which some ordinals stand.</summary>
    public LiveLevel(ReservedRows rows, ReservedRows index, int firstRow)
    {
        _rows = rows;
        _index = index;
        _firstRow = firstRow;
        Table = new LinkTable(rows, firstRow, index, index.Count, (uint)index.Count);
    }

    public LinkTable Table { get; }

    public int Width => Table.Width;

    /// <summary>Empties a row that no one knows yet.</summary>
    public void Initialise(uint ordinal) => Row(ordinal).Fill(Table.Padding);

    /// <summary>Copies the links of a row, whether or not a writer is at it.</summary>
    /// <returns>How many there are.</returns>
    public int Copy(uint ordinal, Span<uint> links)
    {
        Span<uint> row = Row(ordinal);
        int count = 0;
        for (int slot = 0; slot < row.Length; slot++)
        {
            uint link = Volatile.Read(ref row[slot]);
            if (link == Table.Padding)
            {
                break;
            }
            links[count++] = link;
        }
        return count;
    }

    /// <summary>The links of a row. The row is locked, or no writer is left.</summary>
    public ReadOnlySpan<uint> Links(uint ordinal) => Table.Links(ordinal);

    /// <summary>Adds a link to a row that has room. The row is locked.</summary>
    public void Append(uint ordinal, uint link) => Volatile.Write(ref Row(ordinal)[Links(ordinal).Length], link);

    /// <summary>Replaces the links of a row in place: links that stay keep their slot. The row is locked.</summary>
    public void Rewrite(uint ordinal, ReadOnlySpan<uint> links)
    {
        Span<uint> row = Row(ordinal);
        int degree = Links(ordinal).Length, next = NextNew(links, 0, row[..degree]);
        Span<uint> old = stackalloc uint[degree];
        row[..degree].CopyTo(old);
        for (int slot = 0; slot < degree; slot++)
        {
            if (links.Contains(row[slot]))
            {
                continue;
            }
            if (next < links.Length)
            {
                Volatile.Write(ref row[slot], links[next]);
                next = NextNew(links, next + 1, old);
                continue;
            }
            degree = CloseGap(row, slot, degree, links);
        }
        for (; next < links.Length; next = NextNew(links, next + 1, old))
        {
            Volatile.Write(ref row[degree++], links[next]);
        }
    }

    // Slots are emptied from the end, so that padding never stands before a link for longer than a moment.
    private int CloseGap(Span<uint> row, int slot, int degree, ReadOnlySpan<uint> links)
    {
        while (degree - 1 > slot && !links.Contains(row[degree - 1]))
        {
            Volatile.Write(ref row[--degree], Table.Padding);
        }
        if (degree - 1 > slot)
        {
            Volatile.Write(ref row[slot], row[degree - 1]);
        }
        Volatile.Write(ref row[--degree], Table.Padding);
        return degree;
    }

    private static int NextNew(ReadOnlySpan<uint> links, int from, ReadOnlySpan<uint> old)
    {
        while (from < links.Length && old.Contains(links[from]))
        {
            from++;
        }
        return from;
    }

    private Span<uint> Row(uint ordinal) => _index is null
        ? _rows.RowAs<uint>(ordinal)
        : _rows.RowAs<uint>((uint)_firstRow + _index.RowAs<uint>(ordinal)[0]);
}
