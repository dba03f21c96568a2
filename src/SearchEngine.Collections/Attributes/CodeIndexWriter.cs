using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>Writes what <see cref="CodeIndex"/> reads.</summary>
internal static class CodeIndexWriter
{
    /// <param name="entryRows">Ascending; the row of each entry.</param>
    /// <param name="entryCodes">The code of each entry; reordered within rows.</param>
    public static ColumnHeader Write(
        SectionFileWriter writer, int position, AttributeSchema attribute, int rows, Span<uint> entryRows, Span<int> entryCodes, int codes)
    {
        int entries = attribute.IsArray ? RemoveDuplicates(entryRows, entryCodes) : entryRows.Length;
        entryRows = entryRows[..entries];
        entryCodes = entryCodes[..entries];
        var counts = new uint[codes];
        foreach (int code in entryCodes)
        {
            counts[code]++;
        }
        int[] dense = [.. Enumerable.Range(0, codes).Where(c => (long)counts[c] * CodeIndex.DenseShare > rows)];
        WritePostings(writer, position, rows, entryRows, entryCodes, counts, dense);

        bool hasRowCodes = !attribute.IsArray && attribute.Index is AttributeIndex.Auto or AttributeIndex.Sorted
            && (attribute.Type != AttributeType.Keyword || attribute.Index == AttributeIndex.Sorted);
        int width = hasRowCodes ? RowCodes.WidthFor(codes) : 0;
        if (hasRowCodes)
        {
            WriteRowCodes(writer, position, rows, entryRows, entryCodes, codes, width);
        }
        return new ColumnHeader(attribute, width, codes, entries);
    }

    /// <summary>Leaves one entry per row and code, codes ascending within a row.</summary>
    private static int RemoveDuplicates(Span<uint> entryRows, Span<int> entryCodes)
    {
        int kept = 0;
        for (int from = 0, to; from < entryRows.Length; from = to)
        {
            for (to = from + 1; to < entryRows.Length && entryRows[to] == entryRows[from];)
            {
                to++;
            }
            uint row = entryRows[from];
            Span<int> own = entryCodes[from..to];
            own.Sort();
            for (int i = 0; i < own.Length; i++)
            {
                if (i == 0 || own[i] != own[i - 1])
                {
                    entryRows[kept] = row;
                    entryCodes[kept++] = own[i];
                }
            }
        }
        return kept;
    }

    private static void WritePostings(
        SectionFileWriter writer, int position, int rows, ReadOnlySpan<uint> entryRows, ReadOnlySpan<int> entryCodes, uint[] counts,
        int[] dense)
    {
        int words = RowSet.WordsFor(rows);
        var denseRows = new ulong[(long)dense.Length * words];
        var denseAt = new int[counts.Length];
        Array.Fill(denseAt, -1);
        for (int i = 0; i < dense.Length; i++)
        {
            denseAt[dense[i]] = i;
        }
        var starts = new uint[counts.Length + 1];
        for (int code = 0; code < counts.Length; code++)
        {
            starts[code + 1] = starts[code] + (denseAt[code] < 0 ? counts[code] : 0);
        }
        var ordinals = new uint[starts[^1]];
        uint[] next = starts[..^1];
        for (int i = 0; i < entryRows.Length; i++)
        {
            (uint row, int code) = (entryRows[i], entryCodes[i]);
            if (denseAt[code] < 0)
            {
                ordinals[next[code]++] = row;
            }
            else
            {
                denseRows[(long)denseAt[code] * words + (row >> 6)] |= 1UL << (int)(row & 63);
            }
        }
        writer.Add<uint>(ColumnSections.Of(position, ColumnSections.Starts), starts);
        writer.Add<uint>(ColumnSections.Of(position, ColumnSections.Ordinals), ordinals);
        writer.Add<uint>(ColumnSections.Of(position, ColumnSections.DenseCodes), Array.ConvertAll(dense, static c => (uint)c));
        writer.Add<uint>(ColumnSections.Of(position, ColumnSections.DenseCounts), Array.ConvertAll(dense, c => counts[c]));
        writer.Add<ulong>(ColumnSections.Of(position, ColumnSections.DenseRows), denseRows);
    }

    private static void WriteRowCodes(
        SectionFileWriter writer, int position, int rows, ReadOnlySpan<uint> entryRows, ReadOnlySpan<int> entryCodes, int codes, int width)
    {
        var byRow = new uint[rows];
        Array.Fill(byRow, (uint)codes);
        for (int i = 0; i < entryRows.Length; i++)
        {
            byRow[entryRows[i]] = (uint)entryCodes[i];
        }
        string name = ColumnSections.Of(position, ColumnSections.RowCodes);
        switch (width)
        {
            case sizeof(byte):
                writer.Add<byte>(name, Array.ConvertAll(byRow, static c => (byte)c));
                break;
            case sizeof(ushort):
                writer.Add<ushort>(name, Array.ConvertAll(byRow, static c => (ushort)c));
                break;
            default:
                writer.Add<uint>(name, byRow);
                break;
        }
    }
}
