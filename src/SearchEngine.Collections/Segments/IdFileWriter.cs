using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Segments;

/// <summary>Writes the ids of a segment: forward by row, backward by a table, and the rows of the vectors beside the first.</summary>
internal sealed class IdFileWriter(SegmentContent content, DocumentOrder order, CancellationToken cancel)
{
    private const int RowsPerCheck = 1 << 14;

    private readonly ulong[] _table = new ulong[IdTable.SlotsFor(order.Count)];
    private int _longestProbe;

    /// <param name="vectorRows">Rows of each vector of the schema.</param>
    /// <param name="rowOf">Per vector the row of each document; null for the first one and for vectors without rows.</param>
    public void Write(IFileLayer files, string path, IReadOnlyList<int> vectorRows, IReadOnlyList<uint[]?> rowOf)
    {
        using var file = new SectionFileWriter(files, path, SegmentNames.Ids);
        WriteForward(file);
        FillTable();
        file.Add<ulong>(SegmentNames.Table, _table);
        for (int v = 0; v < rowOf.Count; v++)
        {
            if (rowOf[v] is uint[] rows)
            {
                file.Add<uint>(SegmentNames.Rows(v), rows);
            }
        }
        file.Add<ulong>(SegmentNames.Shape, new SegmentShape(order.Count, _longestProbe, vectorRows).ToWords());
        file.Finish();
    }

    private void WriteForward(SectionFileWriter file)
    {
        var values = new ulong[order.Count];
        var kinds = new ulong[RowSet.WordsFor(order.Count)];
        ulong textBytes = 0;
        for (int row = 0; row < order.Count; row++)
        {
            CheckCancelled(row);
            IdKey key = content.KeyOf(order.NumberOf[row]);
            values[row] = key.IsText ? SegmentIds.PackText(textBytes, key.Text.Length) : key.Number;
            kinds[row >> 6] |= key.IsText ? 1UL << (row & 63) : 0;
            textBytes += (ulong)key.Text.Length;
        }
        file.Add<ulong>(SegmentNames.Values, values);
        if (textBytes == 0)
        {
            return;
        }
        file.Add<ulong>(SegmentNames.Kinds, kinds);
        using SectionFileWriter.SectionStream texts = file.Begin(SegmentNames.Texts);
        for (int row = 0; row < order.Count; row++)
        {
            CheckCancelled(row);
            texts.Write(content.KeyOf(order.NumberOf[row]).Text);
        }
    }

    private void FillTable()
    {
        for (int row = 0; row < order.Count; row++)
        {
            CheckCancelled(row);
            IdKey key = content.KeyOf(order.NumberOf[row]);
            int slot = IdTable.FirstSlot(key.Hash, _table.Length), probe = 0;
            for (; _table[slot] != 0; probe++)
            {
                ThrowIfSame(key, _table[slot], (uint)row);
                slot = IdTable.Next(slot, _table.Length);
            }
            _table[slot] = IdTable.Entry(key.Hash, (uint)row);
            _longestProbe = Math.Max(_longestProbe, probe + 1);
        }
    }

    private void ThrowIfSame(in IdKey key, ulong entry, uint row)
    {
        if (IdTable.HashIn(entry) != key.Hash)
        {
            return;
        }
        uint other = order.NumberOf[IdTable.OrdinalIn(entry)], number = order.NumberOf[row];
        if (content.KeyOf(other).Equals(key))
        {
            string id = key.IsText ? System.Text.Encoding.UTF8.GetString(key.Text) : $"{key.Number}";
            throw new CollectionException(
                CollectionError.Checksum, "", $"Document {id} is alive in {content.OriginOf(other)} and in {content.OriginOf(number)}.",
                "A tombstone was lost: restore the collection from a snapshot, and report this.");
        }
    }

    private void CheckCancelled(int row)
    {
        if (row % RowsPerCheck == 0)
        {
            cancel.ThrowIfCancellationRequested();
        }
    }
}
