using System.Numerics;
using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>
/// The values of one attribute in memory: one entry (row, value) per value, in the order of the rows, so that a row without
/// a value costs nothing and an array is several entries. Entries of rows beyond a reader's bound are cut off by search.
/// </summary>
internal abstract class LiveColumn : AttributeColumn
{
    protected const int MaskWords = Chunks<uint>.ChunkItems / 64;

    private readonly bool _rowsAreDistinct;

    protected LiveColumn(bool isArray) => _rowsAreDistinct = !isArray;

    /// <summary>Row of each entry, ascending. Appended to after the value, so its count publishes the entry.</summary>
    protected Chunks<uint> EntryRows { get; } = new();

    public abstract long MemoryBytes { get; }

    /// <summary>Appends a value of a row, or one element of its array. Rows ascend; only the appender calls this.</summary>
    public abstract void Append(uint row, scoped in BodyItem item);

    public override void AddExisting(RowSet rows)
    {
        int entries = EntriesBelow(rows.Rows);
        Span<ulong> mask = stackalloc ulong[MaskWords];
        for (int c = 0; c < Chunks<uint>.ChunksFor(entries); c++)
        {
            ReadOnlySpan<uint> entryRows = EntryRows.Chunk(c, entries);
            mask.Clear();
            SetFirst(mask, entryRows.Length);
            AddRows(entryRows, mask, rows.Bits);
        }
    }

    public override MatchEstimate EstimateExisting(int rows)
    {
        int entries = EntriesBelow(rows);
        return _rowsAreDistinct || entries == 0
            ? MatchEstimate.Exactly(entries)
            : new MatchEstimate(1, Math.Min(entries, rows), Math.Min(entries, rows));
    }

    public override IEnumerable<OrderedRow> InOrder(int rows, SortDirection direction, SortKey? from)
    {
        int entries = EntriesBelow(rows);
        var ordered = new List<OrderedRow>(entries);
        for (int i = 0; i < entries; i++)
        {
            var row = new OrderedRow(EntryRows.At(i), KeyAt(i));
            if (from is null || Compare(row.Key, from.Value, direction) >= 0)
            {
                ordered.Add(row);
            }
        }
        ordered.Sort((a, b) => Compare(a.Key, b.Key, direction) is var byKey && byKey != 0 ? byKey : a.Row.CompareTo(b.Row));
        return ordered;
    }

    /// <summary>The value of an entry as an order sees it.</summary>
    protected virtual SortKey KeyAt(int entry) => throw new InvalidOperationException($"{GetType().Name} has no order.");

    /// <summary>Entries of the rows below a bound.</summary>
    protected int EntriesBelow(int rows)
    {
        int low = 0;
        int high = EntryRows.Count;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            if (EntryRows.At(middle) < (uint)rows)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    /// <summary>Sets the first so many bits of a mask that is empty.</summary>
    protected static void SetFirst(Span<ulong> mask, int count)
    {
        mask[..(count / 64)].Fill(ulong.MaxValue);
        if (count % 64 != 0)
        {
            mask[count / 64] = (1UL << (count % 64)) - 1;
        }
    }

    /// <summary>Adds the rows of the entries of a chunk that a mask names.</summary>
    protected void AddRows(ReadOnlySpan<uint> entryRows, ReadOnlySpan<ulong> mask, Span<ulong> bits)
    {
        for (int w = 0; w * 64 < entryRows.Length; w++)
        {
            ulong word = mask[w];
            ReadOnlySpan<uint> rows = entryRows[(w * 64)..];
            if (word != 0 && _rowsAreDistinct && rows.Length >= 64 && rows[63] - rows[0] == 63)
            {
                AddRun(rows[0], word, bits);
                continue;
            }
            for (; word != 0; word &= word - 1)
            {
                uint row = rows[BitOperations.TrailingZeroCount(word)];
                bits[(int)(row >> 6)] |= 1UL << (int)(row & 63);
            }
        }
    }

    private static int Compare(SortKey left, SortKey right, SortDirection direction) =>
        direction == SortDirection.Ascending ? left.CompareTo(right) : right.CompareTo(left);

    /// <summary>64 entries of consecutive rows: the mask is the rows, shifted.</summary>
    private static void AddRun(uint firstRow, ulong word, Span<ulong> bits)
    {
        int at = (int)(firstRow >> 6);
        int shift = (int)(firstRow & 63);
        bits[at] |= word << shift;
        if (shift != 0)
        {
            bits[at + 1] |= word >> (64 - shift);
        }
    }
}
