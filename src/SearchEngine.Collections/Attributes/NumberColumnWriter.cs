using System.Runtime.InteropServices;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>Writes a column of <see cref="NumberKey"/>s.</summary>
internal sealed class NumberColumnWriter(AttributeSchema attribute, int rows) : ColumnWriter(attribute, rows)
{
    private readonly List<long> _keys = [];

    protected override void TakeValue(scoped in BodyItem item) => _keys.Add(NumberKey.Of(Attribute.Type, item));

    protected override ColumnHeader WriteSections(SectionFileWriter writer, int position)
    {
        long[] values = [.. _keys];
        Array.Sort(values);
        values = Distinct(values);
        var codes = new int[_keys.Count];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = SortedSearch.FirstAtLeast<long>(values, _keys[i]);
        }
        writer.Add<long>(ColumnSections.Of(position, ColumnSections.Values), values);
        return CodeIndexWriter.Write(writer, position, Attribute, Rows, CollectionsMarshal.AsSpan(EntryRows), codes, values.Length);
    }

    private static long[] Distinct(long[] ascending)
    {
        int kept = 0;
        for (int i = 0; i < ascending.Length; i++)
        {
            if (kept == 0 || ascending[i] != ascending[kept - 1])
            {
                ascending[kept++] = ascending[i];
            }
        }
        return ascending[..kept];
    }
}
