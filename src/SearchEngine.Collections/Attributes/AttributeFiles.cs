using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>Writes the `attributes` file of a segment.</summary>
internal static class AttributeFiles
{
    /// <summary>Writes and syncs the file, one attribute after the other; the caller publishes the directory.</summary>
    /// <param name="values">Called for each attribute, and for each the rows in ascending order.</param>
    public static void Write(
        IFileLayer files, string directory, CollectionSchema schema, int rows, ValueReader values, CancellationToken cancel = default)
    {
        using var writer = new SectionFileWriter(files, Path.Combine(directory, ColumnSections.FileName), ColumnSections.Kind);
        writer.Add<int>(ColumnSections.Rows, [rows]);
        var headers = new ColumnHeader[schema.Attributes.Count];
        for (int i = 0; i < headers.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            AttributeSchema attribute = schema.Attributes[i];
            headers[i] = attribute.Index == AttributeIndex.None
                ? new ColumnHeader(attribute, 0, 0, 0)
                : ColumnWriter.Of(attribute, rows).Write(writer, i, values);
        }
        writer.Add<ColumnHeader>(ColumnSections.Columns, headers);
        writer.Finish();
    }
}
