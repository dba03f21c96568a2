using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Attributes;

/// <summary>
/// The attributes of an immutable segment, from its mapped `attributes` file. Any threads; dispose it when no evaluation is
/// under way. The schema may have grown since the file was written: attributes it lacks have no values.
/// </summary>
internal sealed class SegmentAttributes : IAttributeReader, IDisposable
{
    private readonly SectionFile _file;
    private readonly AttributeColumn?[] _columns;

    private SegmentAttributes(SectionFile file, int rows, AttributeColumn?[] columns)
    {
        _file = file;
        Rows = rows;
        _columns = columns;
    }

    public int Rows { get; }

    public long MappedBytes => _file.MappedBytes;

    /// <summary>Bytes of the file that are in memory now.</summary>
    public long ResidentBytes => _file.ResidentBytes;

    /// <exception cref="CollectionException">Checksum: the file is missing, damaged where it was looked at, or of other
    /// attributes.</exception>
    public static SegmentAttributes Open(string directory, CollectionSchema schema)
    {
        SectionFile file = SectionFile.Open(Path.Combine(directory, ColumnSections.FileName), ColumnSections.Kind);
        try
        {
            ReadOnlySpan<int> rows = file.Section<int>(ColumnSections.Rows);
            ReadOnlySpan<ColumnHeader> headers = file.Section<ColumnHeader>(ColumnSections.Columns);
            if (rows.Length != 1 || rows[0] < 0 || headers.Length > schema.Attributes.Count)
            {
                throw StorageErrors.Damaged(
                    file.Path, $"it has {headers.Length} columns for {schema.Attributes.Count} attributes, or no number of rows");
            }
            var columns = new AttributeColumn?[headers.Length];
            for (int i = 0; i < columns.Length; i++)
            {
                columns[i] = ColumnOf(file, i, rows[0], headers[i], schema.Attributes[i]);
            }
            return new SegmentAttributes(file, rows[0], columns);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the whole file and reports every damaged block.</summary>
    public static IReadOnlyList<DamageFinding> Scrub(string directory, CancellationToken cancel, IScrubObserver? observer = null) =>
        SectionFile.Scrub(Path.Combine(directory, ColumnSections.FileName), ColumnSections.Kind, cancel, observer);

    public AttributeColumn? Column(int position) => position < _columns.Length ? _columns[position] : EmptyColumn.Instance;

    /// <summary>Brings the file into memory.</summary>
    public void Populate(CancellationToken cancel = default) => _file.Populate(cancel);

    public void Dispose() => _file.Dispose();

    private static AttributeColumn? ColumnOf(SectionFile file, int position, int rows, ColumnHeader header, AttributeSchema attribute)
    {
        if (!header.IsOf(attribute))
        {
            throw StorageErrors.Damaged(file.Path, $"column {position} is not that of the attribute \"{attribute.Name}\" of the schema");
        }
        if (attribute.Index == AttributeIndex.None)
        {
            return null;
        }
        if (attribute.Type == AttributeType.GeoPoint)
        {
            return new SegmentPlaces(file, position, rows, attribute.IsArray);
        }
        var index = new CodeIndex(file, position, rows, header, attribute.IsArray);
        return attribute.Type == AttributeType.Keyword
            ? new SegmentKeywords(file, position, index, attribute.IsArray)
            : new SegmentNumbers(file, position, index, attribute.IsArray);
    }
}
