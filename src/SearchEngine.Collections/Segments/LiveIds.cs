using System.Runtime.CompilerServices;
using System.Text;
using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Segments;

/// <summary>
/// The ids of live rows and a table from id to its newest row. One writer, readers without locks. Each row knows the row
/// before it with the same id, so that a reader finds the row that was newest below its own bound. A table that grew is a
/// new array: a reader with the old one still finds every row that was published to it.
/// </summary>
internal sealed class LiveIds
{
    private const int FirstSlots = 1 << 10;
    private const uint None = uint.MaxValue;

    private readonly Chunks<Row> _rows = new();
    private readonly GrowingBytes _texts = new();

    // Slots are hash << 32 | ordinal + 1, 0 when empty; a power of two of them, at most 0.7 used.
    private ulong[] _table = new ulong[FirstSlots];
    private int _used;

    public long Bytes => (long)_rows.ChunkCount * Chunks<Row>.ChunkItems * Unsafe.SizeOf<Row>()
        + _texts.Bytes + (long)Volatile.Read(ref _table).Length * sizeof(ulong);

    /// <summary>The id of the next row. Writer only. The row is complete before the table names it.</summary>
    public void Append(in IdKey key)
    {
        uint ordinal = (uint)_rows.Count;
        ulong[] table = _table;
        int slot = SlotOf(table, key, out ulong entry);
        uint previous = entry == 0 ? None : OrdinalIn(entry);
        _rows.Append(key.IsText
            ? new Row((ulong)_texts.Append(key.Text), previous, (ushort)key.Text.Length)
            : new Row(key.Number, previous, 0));
        Volatile.Write(ref table[slot], ((ulong)key.Hash << 32) | (ordinal + 1));
        if (previous == None && ++_used * 10L > table.Length * 7L)
        {
            Volatile.Write(ref _table, Doubled(table));
        }
    }

    public bool TryFind(in IdKey key, int rowsBelow, out uint ordinal)
    {
        _ = SlotOf(Volatile.Read(ref _table), key, out ulong entry);
        ordinal = entry == 0 ? None : OrdinalIn(entry);
        while (ordinal != None && ordinal >= (uint)rowsBelow)
        {
            ordinal = _rows.At((int)ordinal).Previous;
        }
        return ordinal != None;
    }

    /// <summary>The key of a row, without an allocation.</summary>
    public IdKey KeyOf(uint ordinal)
    {
        Row row = _rows.At((int)ordinal);
        return row.TextLength == 0 ? IdKey.OfNumber(row.Value) : IdKey.OfText(TextOf(row));
    }

    public DocumentId IdOf(uint ordinal)
    {
        Row row = _rows.At((int)ordinal);
        return row.TextLength == 0 ? new DocumentId(row.Value) : new DocumentId(Encoding.UTF8.GetString(TextOf(row)));
    }

    // The slot that holds the id, or the empty one where it would go, and the entry that was read there: an empty slot may
    // be another id's a moment later. A slot once filled keeps its id.
    private int SlotOf(ulong[] table, in IdKey key, out ulong entry)
    {
        int mask = table.Length - 1, slot = (int)key.Hash & mask;
        while (true)
        {
            entry = Volatile.Read(ref table[slot]);
            if (entry == 0 || ((uint)(entry >> 32) == key.Hash && Holds(OrdinalIn(entry), key)))
            {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    private bool Holds(uint ordinal, in IdKey key)
    {
        Row row = _rows.At((int)ordinal);
        return row.TextLength == key.Text.Length && (row.TextLength == 0 ? row.Value == key.Number : TextOf(row).SequenceEqual(key.Text));
    }

    private ReadOnlySpan<byte> TextOf(Row row) => _texts.Read((long)row.Value, row.TextLength);

    private static uint OrdinalIn(ulong entry) => (uint)entry - 1;

    private static ulong[] Doubled(ulong[] table)
    {
        var doubled = new ulong[2 * table.Length];
        int mask = doubled.Length - 1;
        foreach (ulong entry in table)
        {
            if (entry == 0)
            {
                continue;
            }
            int slot = (int)(entry >> 32) & mask;
            while (doubled[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }
            doubled[slot] = entry;
        }
        return doubled;
    }

    /// <param name="Value">The number, or where the text lies.</param>
    /// <param name="Previous">The row before it with the same id.</param>
    /// <param name="TextLength">0 for a number.</param>
    private readonly record struct Row(ulong Value, uint Previous, ushort TextLength);
}
