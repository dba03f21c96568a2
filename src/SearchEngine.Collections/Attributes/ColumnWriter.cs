using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>Collects the values of one attribute and writes its sections.</summary>
internal abstract class ColumnWriter(AttributeSchema attribute, int rows)
{
    private readonly ulong[] _existing = new ulong[RowSet.WordsFor(rows)];

    protected AttributeSchema Attribute => attribute;

    protected int Rows => rows;

    /// <summary>Row of each value in the order they were taken: ascending.</summary>
    protected List<uint> EntryRows { get; } = [];

    public static ColumnWriter Of(AttributeSchema attribute, int rows) => attribute.Type switch
    {
        AttributeType.Keyword => new KeywordColumnWriter(attribute, rows),
        AttributeType.GeoPoint => new PlaceColumnWriter(attribute, rows),
        _ => new NumberColumnWriter(attribute, rows),
    };

    public ColumnHeader Write(SectionFileWriter writer, int position, ValueReader values)
    {
        for (uint row = 0; row < (uint)rows; row++)
        {
            AttributeValue value = values(row, position);
            if (value.IsNull)
            {
                continue;
            }
            if (!value.IsArray)
            {
                Take(row, value);
                continue;
            }
            foreach (AttributeValue item in value.Items)
            {
                Take(row, item);
            }
        }
        writer.Add<ulong>(ColumnSections.Of(position, ColumnSections.Existing), _existing);
        return WriteSections(writer, position);
    }

    protected abstract void TakeValue(AttributeValue element);

    protected abstract ColumnHeader WriteSections(SectionFileWriter writer, int position);

    private void Take(uint row, AttributeValue element)
    {
        _existing[row >> 6] |= 1UL << (int)(row & 63);
        EntryRows.Add(row);
        TakeValue(element);
    }
}
