using System.Buffers.Binary;
using System.Globalization;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Merge;

/// <summary>
/// Keeps how far the graph of a merge has come, so that the next attempt to merge the same goes on from there, in another process too. It
/// makes the same segment as one without a break, since merges are deterministic. Nothing rests on what is kept: damaged or of other
/// inputs it counts as nothing. One merge at a time.
/// </summary>
public sealed class MergeProgress
{
    /// <summary>A merge that is cancelled keeps what it did since, if that took this part of the usual time.</summary>
    private const int PartsWhenEnding = 10;

    private const int IdentityBytes = 32;
    private const int HeadBytes = IdentityBytes + 3 * sizeof(int);

    private readonly string _directory;
    private readonly byte[] _inputs;
    private readonly TimeProvider _clock;
    private byte[] _identity = [];
    private long _last;

    /// <summary>Rows of what is kept.</summary>
    private int _rows;

    /// <param name="directory">Of this merge alone; made when there is something to keep.</param>
    /// <param name="inputs">What the caller wants to know again, a few bytes; see <see cref="InputsOf"/>.</param>
    /// <param name="clock">Measures when something is due.</param>
    public MergeProgress(string directory, ReadOnlySpan<byte> inputs, TimeProvider clock)
    {
        _directory = directory;
        _inputs = inputs.ToArray();
        _clock = clock;
        _last = clock.GetTimestamp();
    }

    /// <summary>Time between two; a merge that takes less keeps nothing.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Asked whether so many bytes may be written.</summary>
    public Func<long, bool> HasRoom { get; init; } = static _ => true;

    /// <summary>Told why something could not be kept. The merge goes on.</summary>
    public Action<Exception> Failed { get; init; } = static _ => { };

    /// <summary>Told when something was kept.</summary>
    public Action<int> Kept { get; init; } = static _ => { };

    /// <summary>Rows that were in the graph when this attempt began.</summary>
    public int Resumed { get; private set; }

    /// <summary>What the attempt that kept something there was given; null when there is nothing that can be used.</summary>
    public static byte[]? InputsOf(string directory)
    {
        foreach (string kept in KeptIn(directory))
        {
            try
            {
                using MappedRows links = RowFile.Open(LinksOf(kept, 0), FileKind.MergedLinks, out byte[] head);
                return head.Length < HeadBytes ? null : head[HeadBytes..];
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
            {
                // As if there were nothing: the merge begins anew.
            }
        }
        return null;
    }

    internal MergePosition Find(byte[] identity, IReadOnlyList<BuildLevel> levels, CancellationToken cancel)
    {
        _identity = identity;
        foreach (string kept in KeptIn(_directory))
        {
            try
            {
                if (Read(kept, levels, cancel) is { Rows: > 0 } position)
                {
                    Resumed = _rows = position.Rows;
                    return position;
                }
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
            {
                // As if there were nothing: the merge begins anew.
            }
        }
        return default;
    }

    /// <summary>Keeps what was done if it is time, or the last chance.</summary>
    internal void Keep(MergePosition position, IReadOnlyList<BuildLevel> levels, CancellationToken cancel)
    {
        TimeSpan since = _clock.GetElapsedTime(_last);
        if (position.Rows <= _rows || since < (cancel.IsCancellationRequested ? Every / PartsWhenEnding : Every)
            || !HasRoom(levels.Sum(static l => l.LinkRows.Bytes + l.DistanceRows.Bytes)))
        {
            return;
        }
        try
        {
            Write(position, levels);
            _rows = position.Rows;
            Kept(position.Rows);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Failed(failure);
        }
        _last = _clock.GetTimestamp();
    }

    private void Write(MergePosition position, IReadOnlyList<BuildLevel> levels)
    {
        string target = Path.Combine(_directory, position.Rows.ToString("D10", CultureInfo.InvariantCulture));
        var together = Guid.NewGuid();
        AtomicDirectory.Publish(target, aside =>
        {
            for (int level = 0; level < levels.Count; level++)
            {
                Write(LinksOf(aside, level), FileKind.MergedLinks, levels[level].LinkRows, level == 0 ? Head(position, levels.Count) : [], together);
                Write(DistancesOf(aside, level), FileKind.MergedDistances, levels[level].DistanceRows, [], together);
            }
        });
        foreach (string other in Directory.EnumerateDirectories(_directory).Where(other => other != target).ToArray())
        {
            Directory.Delete(other, recursive: true);
        }
    }

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

    private byte[] Head(MergePosition position, int levels)
    {
        var head = new byte[HeadBytes + _inputs.Length];
        _identity.CopyTo(head, 0);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(IdentityBytes), position.Rows);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(IdentityBytes + sizeof(int)), position.Healed);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(IdentityBytes + 2 * sizeof(int)), levels);
        _inputs.CopyTo(head, HeadBytes);
        return head;
    }

    // Nothing when it is of another merge.
    private MergePosition Read(string kept, IReadOnlyList<BuildLevel> levels, CancellationToken cancel)
    {
        var opened = new List<MappedRows>();
        try
        {
            opened.Add(Open(LinksOf(kept, 0), FileKind.MergedLinks, cancel, out byte[] head));
            ReadOnlySpan<byte> said = head;
            if (head.Length != HeadBytes + _inputs.Length || !said[..IdentityBytes].SequenceEqual(_identity) || !said[HeadBytes..].SequenceEqual(_inputs)
                || BinaryPrimitives.ReadInt32LittleEndian(said[(IdentityBytes + 2 * sizeof(int))..]) != levels.Count)
            {
                return default;
            }
            for (int level = 0; level < levels.Count; level++)
            {
                if (level > 0)
                {
                    opened.Add(Open(LinksOf(kept, level), FileKind.MergedLinks, cancel, out _));
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
            return new MergePosition(
                Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(said[IdentityBytes..]), 0, levels[0].Count),
                BinaryPrimitives.ReadInt32LittleEndian(said[(IdentityBytes + sizeof(int))..]));
        }
        finally
        {
            opened.ForEach(static rows => rows.Dispose());
        }
    }

    private static MappedRows Open(string path, FileKind kind, CancellationToken cancel, out byte[] attachment)
    {
        if (RowFile.Scrub(path, kind, cancel) is [ScrubFinding first, ..])
        {
            throw new VectorFileException(first.Damage, path, first.Description, "sound rows", "The merge begins anew.");
        }
        return RowFile.Open(path, kind, out attachment);
    }

    // The one that came farthest first.
    private static IEnumerable<string> KeptIn(string directory) => Directory.Exists(directory)
        ? Directory.GetDirectories(directory)
            .Where(static kept => int.TryParse(Path.GetFileName(kept), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .OrderDescending(StringComparer.Ordinal)
        : [];

    private static string LinksOf(string kept, int level) => Path.Combine(kept, string.Create(CultureInfo.InvariantCulture, $"links.{level}"));

    private static string DistancesOf(string kept, int level) => Path.Combine(kept, string.Create(CultureInfo.InvariantCulture, $"distances.{level}"));
}
