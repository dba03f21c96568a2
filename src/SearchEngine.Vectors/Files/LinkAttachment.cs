namespace SearchEngine.Vectors.Files;

/// <summary>What stands beside the ground-level links: rows per upper level and where walks start.</summary>
internal sealed record LinkAttachment(IReadOnlyList<int> LevelCounts, IReadOnlyList<uint> EntryPoints)
{
    private const int MaxLevels = 64;

    /// <summary>A search scores all of them before it walks.</summary>
    private const int MaxEntryPoints = 256;

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(LevelCounts.Count);
        foreach (int count in LevelCounts)
        {
            writer.Write(count);
        }

        writer.Write(EntryPoints.Count);
        foreach (uint entry in EntryPoints)
        {
            writer.Write(entry);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Refuses level counts that rise or exceed the rows, and entry points that are not rows.</summary>
    public static LinkAttachment FromBytes(byte[] bytes, int rows, string path)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            int levels = Bounded(reader.ReadInt32(), MaxLevels, path);
            var counts = new int[levels];
            long upper = 0;
            for (int i = 0; i < levels; i++)
            {
                counts[i] = Bounded(reader.ReadInt32(), i == 0 ? rows : counts[i - 1], path);
                upper += counts[i];
            }

            if (upper > int.MaxValue)
            {
                throw Unreadable(path);
            }

            var entries = new uint[Bounded(reader.ReadInt32(), MaxEntryPoints, path)];
            for (int i = 0; i < entries.Length; i++)
            {
                entries[i] = (uint)Bounded(reader.ReadInt32(), rows - 1, path);
            }

            return rows == 0 || entries.Length > 0 ? new LinkAttachment(counts, entries) : throw Unreadable(path);
        }
        catch (EndOfStreamException)
        {
            throw Unreadable(path);
        }
    }

    private static int Bounded(int value, int limit, string path) =>
        value >= 0 && value <= limit ? value : throw Unreadable(path);

    private static VectorFileException Unreadable(string path) => new(
        FileDamage.Attachment, path, "levels or entry points that are not rows of the graph", "falling level counts and existing rows",
        "The writer was faulty: build the segment again and report this.");
}
