using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Multi;

/// <summary>Writes the multi vectors of a segment, one document in memory at a time. A schema without any has no such file.</summary>
internal static class MultiFileWriter
{
    private const int RowsPerCheck = 1 << 10;

    public static void Write(
        IFileLayer files, string directory, CollectionSchema schema, SegmentContent content, DocumentOrder order, CancellationToken cancel)
    {
        if (schema.MultiVectors.Count == 0)
        {
            return;
        }
        using var file = new SectionFileWriter(files, Path.Combine(directory, MultiSections.FileName), MultiSections.Kind);
        for (int position = 0; position < schema.MultiVectors.Count; position++)
        {
            var layout = new MultiLayout(schema.MultiVectors[position]);
            var starts = new long[order.Count + 1];
            using (SectionFileWriter.SectionStream rows = file.Begin(MultiSections.Rows(position)))
            {
                for (int row = 0; row < order.Count; row++)
                {
                    CheckCancelled(row, cancel);
                    MultiRows own = content.MultiOf(position, order.NumberOf[row]);
                    rows.Write(own.Rows);
                    starts[row + 1] = starts[row] + own.Rows.Length / layout.Stride;
                }
            }
            if (layout.HasLengths)
            {
                using SectionFileWriter.SectionStream lengths = file.Begin(MultiSections.Lengths(position));
                for (int row = 0; row < order.Count; row++)
                {
                    CheckCancelled(row, cancel);
                    lengths.Write(content.MultiOf(position, order.NumberOf[row]).Lengths);
                }
            }
            file.Add<long>(MultiSections.Starts(position), starts);
        }
        file.Finish();
    }

    private static void CheckCancelled(int row, CancellationToken cancel)
    {
        if (row % RowsPerCheck == 0)
        {
            cancel.ThrowIfCancellationRequested();
        }
    }
}
