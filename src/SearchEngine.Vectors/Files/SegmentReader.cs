using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Files;

/// <summary>Opens the files of one segment against its list: belonging, shape and residency. One use.</summary>
internal sealed class SegmentReader(
    string directory, SegmentManifest manifest, Guid segment, SegmentOpenOptions options, List<RowMemory> opened, CancellationToken cancel)
{
    public (MappedRows Rows, byte[] Attachment) Map(FileKind kind)
    {
        string path = Path.Combine(directory, SegmentLayout.NameOf(kind, manifest.Truth));
        ulong? checksum = manifest.Files.Where(f => f.Kind == kind).Select(f => (ulong?)f.Checksum).FirstOrDefault();
        if (checksum is null)
        {
            throw new VectorFileException(
                FileDamage.Attachment, path, "a segment that does not list this file", "every segment to have it",
                "The writer was faulty: build the segment again and report this.");
        }

        MappedRows rows = RowFile.Open(path, kind, out byte[] attachment);
        opened.Add(rows);
        return rows.Header.Checksum == checksum && rows.Header.Segment == segment
            ? (rows, attachment)
            : throw new VectorFileException(
                FileDamage.ForeignSegment, path, $"a file of segment {rows.Header.Segment}", $"the one that segment {segment} lists",
                "Files of several segments were mixed: restore the directory as a whole.");
    }

    public RowMemory Required(FileKind kind, Calibration calibration, int count) => Use(Map(kind).Rows, calibration, count);

    public RowMemory? Optional(FileKind kind, Calibration calibration, int count) =>
        manifest.Files.Any(f => f.Kind == kind) ? Required(kind, calibration, count) : null;

    /// <summary>Checks the shape that kernels will trust and brings the rows where the options want them.</summary>
    public RowMemory Use(MappedRows rows, Calibration calibration, int count)
    {
        RowFileHeader header = rows.Header;
        (int dim, int stride) = SegmentLayout.ShapeOf(header.Kind, manifest, calibration);
        ElementType element = SegmentLayout.ElementOf(header.Kind, manifest.Truth);
        if ((header.Dim, header.Stride, header.Count, header.Element) != (dim, stride, count, element))
        {
            throw new VectorFileException(
                FileDamage.Contradiction, rows.Path,
                $"{header.Count} rows of {header.Dim} {header.Element} in {header.Stride} bytes",
                $"{count} rows of {dim} {element} in {stride} bytes",
                "The files of the segment contradict each other: build it again and report this.");
        }

        if ((header.Kind == FileKind.Truth && !calibration.Report.WalksTruth) || header.Kind is FileKind.Sources or FileKind.Norms || options.Residency == Residency.OnDemand)
        {
            // Truth is read for a handful of candidates per search: the page cache serves it.
            rows.ExpectRandomAccess();
            return rows;
        }

        if (options.Residency == Residency.Populated)
        {
            // In this order: otherwise they would be read one page at a time.
            rows.Populate(cancel);
            rows.ExpectRandomAccess();
            return rows;
        }

        AnonymousRows copy = rows.CopyToHugePages(cancel);
        opened.Add(copy);
        opened.Remove(rows);
        rows.Dispose();
        return copy;
    }

    public Calibration ReadCalibration(byte[] bytes, string path)
    {
        try
        {
            Calibration calibration = Calibration.FromBytes(bytes);
            return calibration.Dimension == manifest.Dimension
                ? calibration
                : throw new InvalidDataException($"Calibrated for {calibration.Dimension} dimensions.");
        }
        catch (Exception cause) when (cause is InvalidDataException or EndOfStreamException or ArgumentException)
        {
            throw new VectorFileException(
                FileDamage.Attachment, path, $"an unusable calibration ({cause.Message})", "the calibration of these codes",
                "The writer was faulty or newer: build the segment again with this program.");
        }
    }
}
