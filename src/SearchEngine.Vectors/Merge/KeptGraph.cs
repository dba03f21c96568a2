using System.Buffers.Binary;
using System.Globalization;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Merge;

/// <summary>
/// The files of a graph that is half merged: links and distances of every level, and beside the links of level 0 what they are of. In a
/// directory named by the rows that are in.
/// </summary>
internal static class KeptGraph
{
    private const int IdentityBytes = 32;
    private const int HeadBytes = IdentityBytes + 3 * sizeof(int);

    /// <summary>Those in a directory, the one that came farthest first.</summary>
    public static IEnumerable<string> In(string directory) => Directory.Exists(directory)
        ? Directory.GetDirectories(directory)
            .Where(static kept => int.TryParse(Path.GetFileName(kept), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .OrderDescending(StringComparer.Ordinal)
        : [];

    public static long BytesOf(IReadOnlyList<BuildLevel> levels) => levels.Sum(static l => l.LinkRows.Bytes + l.DistanceRows.Bytes);

    /// <exception cref="IOException">It is damaged, or no such graph.</exception>
    public static byte[]? InputsOf(string kept)
    {
        using MappedRows links = RowFile.Open(LinksOf(kept, 0), FileKind.MergedLinks, out byte[] head);
        return head.Length < HeadBytes ? null : head[HeadBytes..];
    }

    /// <summary>Writes one in place of all others.</summary>
    public static void Write(string directory, byte[] identity, byte[] inputs, MergePosition position, IReadOnlyList<BuildLevel> levels)
    {
        string target = Path.Combine(directory, position.Rows.ToString("D10", CultureInfo.InvariantCulture));
        var together = Guid.NewGuid();
        AtomicDirectory.Publish(target, aside =>
        {
            for (int level = 0; level < levels.Count; level++)
            {
                byte[] head = level == 0 ? Head(identity, inputs, position, levels.Count) : [];
                Write(LinksOf(aside, level), FileKind.MergedLinks, levels[level].LinkRows, head, together);
                Write(DistancesOf(aside, level), FileKind.MergedDistances, levels[level].DistanceRows, [], together);
            }
        });
        foreach (string other in Directory.GetDirectories(directory).Where(other => other != target))
        {
            Directory.Delete(other, recursive: true);
        }
    }

    /// <summary>Puts what was kept into the levels of a build.</summary>
    /// <returns>No rows when it is of another merge: the levels are as they were then.</returns>
    /// <exception cref="IOException">It is damaged, or no such graph; the levels are as they were.</exception>
    public static MergePosition Read(string kept, byte[] identity, byte[] inputs, IReadOnlyList<BuildLevel> levels, CancellationToken cancel)
    {
        var opened = new List<MappedRows>();
        MergePosition position = default;
        try
        {
            for (int level = 0; level < levels.Count; level++)
            {
                opened.Add(Open(LinksOf(kept, level), FileKind.MergedLinks, cancel, out byte[] head));
                position = level == 0 ? PositionIn(head) : position;
                if (level == 0 && (position.Rows < 1 || position.Rows > levels[0].Count || !head.AsSpan().SequenceEqual(Head(identity, inputs, position, levels.Count))))
                {
                    return default;
                }
                opened.Add(Open(DistancesOf(kept, level), FileKind.MergedDistances, cancel, out _));
                if (opened[^1].Header.Segment != opened[0].Header.Segment || !levels[level].Fits(opened[^2], opened[^1]))
                {
                    return default;
                }
            }
            for (int level = 0; level < levels.Count; level++)
            {
                levels[level].Load(opened[2 * level], opened[2 * level + 1]);
            }
            return position;
        }
        finally
        {
            opened.ForEach(static rows => rows.Dispose());
        }
    }

    private static byte[] Head(byte[] identity, byte[] inputs, MergePosition position, int levels)
    {
        var head = new byte[HeadBytes + inputs.Length];
        identity.CopyTo(head, 0);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(IdentityBytes), position.Rows);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(IdentityBytes + sizeof(int)), position.Healed);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(IdentityBytes + 2 * sizeof(int)), levels);
        inputs.CopyTo(head, HeadBytes);
        return head;
    }

    private static MergePosition PositionIn(ReadOnlySpan<byte> head) => head.Length < HeadBytes
        ? default
        : new MergePosition(
            BinaryPrimitives.ReadInt32LittleEndian(head[IdentityBytes..]), BinaryPrimitives.ReadInt32LittleEndian(head[(IdentityBytes + sizeof(int))..]));

    private static void Write(string path, FileKind kind, RowMemory rows, byte[] attachment, Guid together)
    {
        var header = new RowFileHeader
        {
            Kind = kind,
            Element = ElementType.Opaque,
            Dim = rows.Stride / sizeof(uint),
            Stride = rows.Stride,
            Count = rows.Count,
            Segment = together,
            AttachmentBytes = attachment.Length,
            AttachmentChecksum = BlockChecksum.Of(attachment),
        };
        RowFile.Write(path, header, attachment, rows, RowFile.BlockChecksums(rows));
    }

    private static MappedRows Open(string path, FileKind kind, CancellationToken cancel, out byte[] attachment)
    {
        if (RowFile.Scrub(path, kind, cancel) is [ScrubFinding first, ..])
        {
            throw new VectorFileException(first.Damage, path, first.Description, "sound rows", "The merge begins anew.");
        }
        return RowFile.Open(path, kind, out attachment);
    }

    private static string LinksOf(string kept, int level) => Path.Combine(kept, string.Create(CultureInfo.InvariantCulture, $"links.{level}"));

    private static string DistancesOf(string kept, int level) => Path.Combine(kept, string.Create(CultureInfo.InvariantCulture, $"distances.{level}"));
}
