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

    /// <summary>Adds a row. After an exception (no memory, a body that is none) nothing more can be appended.</summary>
    /// <param name="row">The number of rows so far.</param>
    /// <param name="body">Written with the schema the columns have.</param>
    public void Append(uint row, ReadOnlySpan<byte> body)
    {
        if (row != (uint)_rows)
        {
            throw new ArgumentException($"Row {row} does not follow {_rows} rows.", nameof(row));
        }
        foreach (BodyAttribute attribute in DocumentBody.Attributes(body))
        {
            if (attribute.Position >= _columns.Length)
            {
                throw new ArgumentException(
                    $"The body has attribute {attribute.Position}, there are {_columns.Length} columns.", nameof(body));
            }
            if (_columns[attribute.Position] is not { } column)
            {
                continue;
            }
            foreach (BodyItem item in attribute.Items)
            {
                column.Append(row, item);
            }
        }
        Volatile.Write(ref _rows, _rows + 1);
    }

    /// <summary>Goes over to a schema with further attributes; rows so far have no values for them.</summary>
    public void Extend(CollectionSchema schema)
    {
        LiveColumn?[] columns = _columns;
        Volatile.Write(ref _columns, [.. columns, .. schema.Attributes.Skip(columns.Length).Select(ColumnOf)]);
    }

    private static LiveColumn? ColumnOf(AttributeSchema attribute) => attribute.Index == AttributeIndex.None
        ? null
        : attribute.Type switch
        {
            AttributeType.Keyword => new LiveKeywords(attribute.IsArray),
            AttributeType.GeoPoint => new LivePlaces(attribute.IsArray),
            _ => new LiveNumbers(attribute.Type, attribute.IsArray),
        };
}
