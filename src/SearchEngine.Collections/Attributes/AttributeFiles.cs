using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>Writes the `attributes` file of a segment.</summary>
internal static class AttributeFiles
{
    /// <summary>About so many values are held in memory while bodies are read; attributes beyond take another pass over them.</summary>
    private const int HeldValues = 32 << 20;

    /// <summary>Writes and syncs the file; the caller publishes the directory.</summary>
    /// <param name="bodies">Called for the rows in ascending order, once per pass.</param>
    public static void Write(
        IFileLayer files, string directory, CollectionSchema schema, int rows, BodyReader bodies, CancellationToken cancel = default)
    {
        using var writer = new SectionFileWriter(files, Path.Combine(directory, ColumnSections.FileName), ColumnSections.Kind);
        writer.Add<int>(ColumnSections.Rows, [rows]);
        var headers = new ColumnHeader[schema.Attributes.Count];
        int perPass = Math.Max(1, HeldValues / Math.Max(1, rows));
        for (int first = 0; first < headers.Length; first += perPass)
        {
            int end = Math.Min(first + perPass, headers.Length);
            ColumnWriter?[] columns = Read(schema, rows, bodies, first, end, cancel);
            for (int i = first; i < end; i++)
            {
                cancel.ThrowIfCancellationRequested();
                headers[i] = columns[i]?.Write(writer, i) ?? new ColumnHeader(schema.Attributes[i], 0, 0, 0);
                columns[i] = null;
            }
        }
        writer.Add<ColumnHeader>(ColumnSections.Columns, headers);
        writer.Finish();
    }

    /// <summary>The values of some attributes, by position.</summary>
    private static ColumnWriter?[] Read(CollectionSchema schema, int rows, BodyReader bodies, int first, int end, CancellationToken cancel)
    {
        var columns = new ColumnWriter?[end];
        for (int i = first; i < end; i++)
        {
            columns[i] = schema.Attributes[i].Index == AttributeIndex.None ? null : ColumnWriter.Of(schema.Attributes[i], rows);
        }
        if (columns.All(static c => c is null))
        {
            return columns;
        }
        for (uint row = 0; row < (uint)rows; row++)
        {
            cancel.ThrowIfCancellationRequested();
            foreach (BodyAttribute attribute in DocumentBody.Attributes(bodies(row)))
            {
                if (attribute.Position >= end)
                {
                    break;
                }
                columns[attribute.Position]?.Take(row, attribute);
            }
        }
        return columns;
    }
}
