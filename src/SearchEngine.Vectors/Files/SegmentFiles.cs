using System.Runtime.InteropServices;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Files;

/// <summary>
/// A segment as a directory: one file per kind of rows and the list that binds them together. Publishing is atomic, the
/// directory is never changed afterwards, and equal parts give byte-equal files.
/// </summary>
public static class SegmentFiles
{
    /// <summary>
    /// Writes <paramref name="parts"/> to a directory that must not exist yet. The parts stay the caller's.
    /// </summary>
    public static void Write(string directory, SegmentParts parts) => Write(directory, parts, reached: null);

    internal static void Write(string directory, SegmentParts parts, Action<string>? reached)
    {
        byte[] calibration = parts.Calibration.ToBytes();
        byte[] links = new LinkAttachment(parts.LevelCounts, parts.EntryPoints).ToBytes();
        var files = SegmentLayout.FilesOf(parts).Select(f => new PendingFile(
            f.Kind,
            f.Rows,
            f.Kind == FileKind.Codes ? calibration : f.Kind == FileKind.Links ? links : [],
            RowFile.BlockChecksums(f.Rows))).ToList();
        Guid segment = Identity(files);
        AtomicDirectory.Publish(
            directory,
            aside =>
            {
                var listed = new List<(FileKind, ulong)>();
                foreach (PendingFile file in files)
                {
                    RowFileHeader header = HeaderOf(file, parts, segment);
                    string name = SegmentLayout.NameOf(file.Kind, parts.TruthElement);
                    RowFile.Write(Path.Combine(aside, name), header, file.Attachment, file.Rows, file.Checksums);
                    listed.Add((file.Kind, header.Checksum));
                    reached?.Invoke("wrote " + name);
                }

                WriteManifest(aside, parts, segment, listed);
                reached?.Invoke("wrote " + SegmentLayout.ManifestName);
            },
            reached);
    }

    /// <summary>
    /// Opens a segment. With the default options only headers are read, so the time does not depend on its size; damage in
    /// the rows is then found by <see cref="Scrub"/>, and a walk over damaged links stays inside the rows.
    /// </summary>
    public static SegmentParts Open(string directory, SegmentOpenOptions options, CancellationToken cancel = default)
    {
        if (options.Verification == Verification.Blocks && Scrub(directory, cancel) is [ScrubFinding first, ..])
        {
            throw new VectorFileException(
                first.Damage, first.Path, first.Description, "data that match their checksums",
                "Restore the segment from a snapshot or build it again.");
        }

        var opened = new List<RowMemory>();
        try
        {
            return Open(directory, options, opened, cancel);
        }
        catch
        {
            opened.ForEach(rows => rows.Dispose());
            throw;
        }
    }

    /// <summary>Reads every byte of every file; an empty list means that the segment is as it was written.</summary>
    public static IReadOnlyList<ScrubFinding> Scrub(string directory, CancellationToken cancel = default, IScrubObserver? observer = null)
    {
        string path = Path.Combine(directory, SegmentLayout.ManifestName);
        var findings = new List<ScrubFinding>(RowFile.Scrub(path, FileKind.Segment, cancel, observer));
        if (findings.Count > 0)
        {
            return findings;
        }

        SegmentManifest manifest = ReadManifest(directory, out Guid segment);
        foreach ((FileKind kind, ulong checksum) in manifest.Files)
        {
            string file = Path.Combine(directory, SegmentLayout.NameOf(kind, manifest.Truth));
            IReadOnlyList<ScrubFinding> found = RowFile.Scrub(file, kind, cancel, observer);
            findings.AddRange(found);
            if (found.Count == 0)
            {
                using MappedRows rows = RowFile.Open(file, kind, out _);
                if (rows.Header.Checksum != checksum || rows.Header.Segment != segment)
                {
                    findings.Add(new ScrubFinding(FileDamage.ForeignSegment, file, "the file belongs to another segment"));
                }
            }
        }

        return findings;
    }

    private static SegmentParts Open(
        string directory, SegmentOpenOptions options, List<RowMemory> opened, CancellationToken cancel)
    {
        SegmentManifest manifest = ReadManifest(directory, out Guid segment);
        var reader = new SegmentReader(directory, manifest, segment, options, opened, cancel);
        (MappedRows codes, byte[] calibrationBytes) = reader.Map(FileKind.Codes);
        Calibration calibration = reader.ReadCalibration(calibrationBytes, codes.Path);
        (MappedRows links, byte[] linkBytes) = reader.Map(FileKind.Links);
        LinkAttachment attachment = LinkAttachment.FromBytes(linkBytes, links.Count, links.Path);
        (int Rows, int Upper) counts = (links.Count, attachment.LevelCounts.Sum());
        return new SegmentParts
        {
            Metric = manifest.Metric,
            Dimension = manifest.Dimension,
            MaxLinks = manifest.MaxLinks,
            Tier = manifest.Tier,
            TruthElement = manifest.Truth,
            Calibration = calibration,
            LevelCounts = attachment.LevelCounts,
            EntryPoints = attachment.EntryPoints,
            Codes = reader.Use(codes, calibration, counts.Rows),
            Links = reader.Use(links, calibration, counts.Rows),
            Truth = reader.Required(FileKind.Truth, calibration, counts.Rows),
            Sources = reader.Required(FileKind.Sources, calibration, counts.Rows),
            Signs = reader.Optional(FileKind.Signs, calibration, counts.Rows),
            Corrections = reader.Optional(FileKind.Corrections, calibration, counts.Rows),
            Norms = manifest.Metric == Metric.Cosine ? reader.Required(FileKind.Norms, calibration, counts.Rows) : null,
            PrefixNorms = manifest.Metric == Metric.Cosine && calibration.Cuts.Count > 0
                ? reader.Required(FileKind.PrefixNorms, calibration, counts.Rows)
                : null,
            Upper = reader.Optional(FileKind.UpperLinks, calibration, counts.Upper),
        };
    }

    private static SegmentManifest ReadManifest(string directory, out Guid segment)
    {
        string path = Path.Combine(directory, SegmentLayout.ManifestName);
        using MappedRows file = RowFile.Open(path, FileKind.Segment, out byte[] bytes);
        segment = file.Header.Segment;
        return SegmentManifest.FromBytes(bytes, path);
    }

    private static void WriteManifest(string aside, SegmentParts parts, Guid segment, List<(FileKind, ulong)> listed)
    {
        byte[] bytes = new SegmentManifest(parts.Metric, parts.Dimension, parts.MaxLinks, parts.Tier, parts.TruthElement, listed).ToBytes();
        var header = new RowFileHeader
        {
            Kind = FileKind.Segment,
            Element = ElementType.Opaque,
            Dim = 0,
            Stride = 1,
            Count = 0,
            Segment = segment,
            AttachmentBytes = bytes.Length,
            AttachmentChecksum = BlockChecksum.Of(bytes),
        };
        RowFile.Write(Path.Combine(aside, SegmentLayout.ManifestName), header, bytes, rows: null, []);
    }

    private static RowFileHeader HeaderOf(PendingFile file, SegmentParts parts, Guid segment) => new()
    {
        Kind = file.Kind,
        Element = SegmentLayout.ElementOf(file.Kind, parts.TruthElement),
        Dim = file.Kind switch
        {
            FileKind.Truth => parts.Dimension,
            FileKind.Codes or FileKind.Signs => parts.Calibration.CodeDimension,
            _ => file.Rows.Stride / sizeof(uint),
        },
        Stride = file.Rows.Stride,
        Count = file.Rows.Count,
        Segment = segment,
        AttachmentBytes = file.Attachment.Length,
        AttachmentChecksum = BlockChecksum.Of(file.Attachment),
    };

    /// <summary>A hash of the content, so that the same build on any number of threads gives the same files.</summary>
    private static Guid Identity(List<PendingFile> files)
    {
        using var content = new MemoryStream();
        foreach (PendingFile file in files)
        {
            content.Write([(byte)file.Kind]);
            content.Write(file.Attachment);
            content.Write(MemoryMarshal.AsBytes<ulong>(file.Checksums));
        }

        ReadOnlySpan<byte> bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        Span<ulong> halves = [BlockChecksum.Of(bytes, 1), BlockChecksum.Of(bytes, 2)];
        return new Guid(MemoryMarshal.AsBytes(halves));
    }

    private sealed record PendingFile(FileKind Kind, RowMemory Rows, byte[] Attachment, ulong[] Checksums);
}
