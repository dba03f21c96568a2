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

    /// <summary>Takes the values of a row; rows ascend.</summary>
    public void Take(uint row, scoped in BodyAttribute value)
    {
        foreach (BodyItem item in value.Items)
        {
            _existing[row >> 6] |= 1UL << (int)(row & 63);
            EntryRows.Add(row);
            TakeValue(item);
        }
    }

    public ColumnHeader Write(SectionFileWriter writer, int position)
    {
        writer.Add<ulong>(ColumnSections.Of(position, ColumnSections.Existing), _existing);
        return WriteSections(writer, position);
    }

    protected abstract void TakeValue(scoped in BodyItem item);

    protected abstract ColumnHeader WriteSections(SectionFileWriter writer, int position);
}
