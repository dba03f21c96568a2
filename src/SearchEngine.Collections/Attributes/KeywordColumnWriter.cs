using System.Runtime.InteropServices;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>Writes a column of keywords.</summary>
internal sealed class KeywordColumnWriter(AttributeSchema attribute, int rows) : ColumnWriter(attribute, rows)
{
    private readonly Dictionary<byte[], int> _arrivals = new(BytesComparer.Instance);
    private readonly List<int> _codes = [];

    protected override void TakeValue(scoped in BodyItem item)
    {
        if (!_arrivals.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(item.Utf8, out int arrival))
        {
            arrival = _arrivals.Count;
            _arrivals.Add(item.Utf8.ToArray(), arrival);
        }
        _codes.Add(arrival);
    }

    protected override ColumnHeader WriteSections(SectionFileWriter writer, int position)
    {
        (byte[] Text, int Arrival)[] values = [.. _arrivals.Select(static a => (a.Key, a.Value))];
        Array.Sort(values, static (a, b) => a.Text.AsSpan().SequenceCompareTo(b.Text));
        var codeOf = new int[values.Length];
        var ends = new long[values.Length];
        long end = 0;
        using (SectionFileWriter.SectionStream texts = writer.Begin(ColumnSections.Of(position, ColumnSections.Texts)))
        {
            for (int code = 0; code < values.Length; code++)
            {
                codeOf[values[code].Arrival] = code;
                texts.Write<byte>(values[code].Text);
                ends[code] = end += values[code].Text.Length;
            }
        }
        writer.Add<long>(ColumnSections.Of(position, ColumnSections.TextEnds), ends);
        Span<int> codes = CollectionsMarshal.AsSpan(_codes);
        foreach (ref int code in codes)
        {
            code = codeOf[code];
        }
        return CodeIndexWriter.Write(writer, position, Attribute, Rows, CollectionsMarshal.AsSpan(EntryRows), codes, values.Length);
    }
}
