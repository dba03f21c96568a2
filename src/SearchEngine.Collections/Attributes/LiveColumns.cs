using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Attributes;

/// <summary>
/// The attributes of a live segment. One thread appends rows in order and adds attributes; any threads read the rows below
/// a count they have read from <see cref="Rows"/>, without locks.
/// </summary>
internal sealed class LiveColumns : IAttributeReader
{
    private LiveColumn?[] _columns;
    private int _rows;

    public LiveColumns(CollectionSchema schema) => _columns = [.. schema.Attributes.Select(ColumnOf)];

    public int Rows => Volatile.Read(ref _rows);

    /// <summary>What the columns hold in memory, reserved parts included.</summary>
    public long MemoryBytes
    {
        get
        {
            long bytes = 0;
            foreach (LiveColumn? column in Volatile.Read(ref _columns))
            {
                bytes += column?.MemoryBytes ?? 0;
            }
            return bytes;
        }
    }

    public AttributeColumn? Column(int position)
    {
        LiveColumn?[] columns = Volatile.Read(ref _columns);
        return position < columns.Length ? columns[position] : EmptyColumn.Instance;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="row">The number of rows so far.</param>
    /// <param name="values">By position in the schema; those behind the end have no value.</param>
    public void Append(uint row, ReadOnlySpan<AttributeValue> values)
    {
        if (row != (uint)_rows)
        {
            throw new ArgumentException($"Row {row} does not follow {_rows} rows.", nameof(row));
        }
        for (int i = 0; i < values.Length; i++)
        {
            Append(row, _columns[i], values[i]);
        }
        Volatile.Write(ref _rows, _rows + 1);
    }

    /// <summary>Goes over to a schema with further attributes; rows so far have no values for them.</summary>
    public void Extend(CollectionSchema schema)
    {
        LiveColumn?[] columns = _columns;
        Volatile.Write(ref _columns, [.. columns, .. schema.Attributes.Skip(columns.Length).Select(ColumnOf)]);
    }

    private static void Append(uint row, LiveColumn? column, AttributeValue value)
    {
        if (column is null || value.IsNull)
        {
            return;
        }
        if (!value.IsArray)
        {
            column.Append(row, value);
            return;
        }
        foreach (AttributeValue item in value.Items)
        {
            column.Append(row, item);
        }
    }

    private static LiveColumn? ColumnOf(AttributeSchema attribute) => attribute.Index == AttributeIndex.None
        ? null
        : attribute.Type switch
        {
            AttributeType.Keyword => new LiveKeywords(attribute.IsArray),
            AttributeType.GeoPoint => new LivePlaces(attribute.IsArray),
            _ => new LiveNumbers(attribute.IsArray),
        };
}
