namespace SearchEngine.Vectors.Files;

/// <summary>
/// What the file "segment" lists: how the rows are ranked and which files, by header checksum, belong together. A file of
/// another segment, or of an earlier build of this one, has another checksum.
/// </summary>
internal sealed record SegmentManifest(
    Metric Metric, int Dimension, int MaxLinks, WalkTier Tier, ElementType Truth, IReadOnlyList<(FileKind Kind, ulong Checksum)> Files)
{
    private const int MaxFiles = 32;

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write((int)Metric);
        writer.Write(Dimension);
        writer.Write(MaxLinks);
        writer.Write((int)Tier);
        writer.Write((int)Truth);
        writer.Write(Files.Count);
        foreach ((FileKind kind, ulong checksum) in Files)
        {
            writer.Write((ushort)kind);
            writer.Write(checksum);
        }

        writer.Flush();
        return stream.ToArray();
    }

    public static SegmentManifest FromBytes(byte[] bytes, string path)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            var manifest = new SegmentManifest(
                (Metric)reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), (WalkTier)reader.ReadInt32(),
                (ElementType)reader.ReadInt32(), ReadFiles(reader));
            return manifest.IsSound() ? manifest : throw Unreadable(path);
        }
        catch (EndOfStreamException)
        {
            throw Unreadable(path);
        }
    }

    private static List<(FileKind Kind, ulong Checksum)> ReadFiles(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        var files = new List<(FileKind, ulong)>();
        for (int i = 0; i < count && i <= MaxFiles; i++)
        {
            files.Add(((FileKind)reader.ReadUInt16(), reader.ReadUInt64()));
        }

        return files;
    }

    private bool IsSound() => Enum.IsDefined(Metric)
        && Enum.IsDefined(Tier)
        && Truth is ElementType.Float16 or ElementType.Float32 or ElementType.Int8
        && Dimension is >= 1 and <= RowFileHeader.MaxDim
        && MaxLinks is >= 1 and <= RowFileHeader.MaxDim / 2
        && Files.Count is >= 1 and <= MaxFiles
        && Files.Select(f => f.Kind).Distinct().Count() == Files.Count;

    private static VectorFileException Unreadable(string path) => new(
        FileDamage.Attachment, path, "a list of files that makes no sense", "the list of one segment",
        "The writer was faulty or newer: build the segment again with this program.");
}
