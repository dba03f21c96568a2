using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Segments;

/// <summary>Writes bodies and versions, one body in memory at a time.</summary>
internal static class BodyFileWriter
{
    private const int RowsPerCheck = 1 << 12;

    public static void Write(IFileLayer files, string path, SegmentContent content, DocumentOrder order, CancellationToken cancel)
    {
        using var file = new SectionFileWriter(files, path, SegmentNames.Bodies);
        var offsets = new long[order.Count + 1];
        var versions = new ulong[order.Count];
        using (SectionFileWriter.SectionStream heap = file.Begin(SegmentNames.Heap))
        {
            for (int row = 0; row < order.Count; row++)
            {
                if (row % RowsPerCheck == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                }
                ReadOnlySpan<byte> body = content.BodyOf(order.NumberOf[row]);
                heap.Write(body);
                offsets[row + 1] = offsets[row] + body.Length;
                versions[row] = content.VersionOf(order.NumberOf[row]);
            }
        }
        file.Add<long>(SegmentNames.Offsets, offsets);
        file.Add<ulong>(SegmentNames.Versions, versions);
        file.Finish();
    }
}
