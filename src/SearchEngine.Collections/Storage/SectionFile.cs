using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Storage;

/// <summary>
/// A section file, mapped read-only. Any thread. Whoever disposes it has made sure that no span of it is in use any more:
/// touching one later ends the process.
/// </summary>
internal sealed class SectionFile : IDisposable
{
    private const int PieceBytes = 1 << 20;

    private readonly MappedFile _file;
    private readonly Dictionary<string, (long Offset, long Length)> _sections;

    private SectionFile(MappedFile file, Dictionary<string, (long Offset, long Length)> sections)
    {
        _file = file;
        _sections = sections;
    }

    public string Path => _file.Path;

    public IReadOnlyCollection<string> Names => _sections.Keys;

    public long MappedBytes => _file.Length;

    /// <summary>Bytes that are in memory now, by whole pages.</summary>
    public long ResidentBytes => _file.ResidentBytes;

    /// <exception cref="CollectionException">Checksum: missing, cut, damaged in what was checked, or another kind of file.</exception>
    public static SectionFile Open(string path, string kind, SectionCheck check = SectionCheck.Structure)
    {
        using SectionReader reader = SectionReader.Open(path, kind);
        if (check == SectionCheck.Everything && reader.FirstDamage(CancellationToken.None) is { } damage)
        {
            throw StorageErrors.Damaged(path, damage.What);
        }

        return new SectionFile(reader.Map(), reader.Sections);
    }

    /// <summary>Reads every byte, by reads rather than through a mapping: a bad sector is then a finding and not a signal.</summary>
    public static IReadOnlyList<DamageFinding> Scrub(string path, string kind, CancellationToken cancel, IScrubObserver? observer = null)
    {
        try
        {
            using SectionReader reader = SectionReader.Open(path, kind);
            return [.. reader.Damages(cancel, observer)];
        }
        catch (CollectionException error) when (error.Error == CollectionError.Checksum)
        {
            return [new DamageFinding(path, error.What)];
        }
    }

    public bool Has(string name) => _sections.ContainsKey(name);

    /// <summary>The section's elements, 64-byte aligned.</summary>
    public ReadOnlySpan<T> Section<T>(string name)
        where T : unmanaged => Array<T>(name).Span;

    public MappedArray<T> Array<T>(string name)
        where T : unmanaged
    {
        (long offset, long length) = Find(name);
        int size = Unsafe.SizeOf<T>();
        if (length % size != 0 || length / size > int.MaxValue)
        {
            throw StorageErrors.Damaged(
                Path, $"section '{name}' has {length} bytes, which are not whole elements of {size} bytes, at most {int.MaxValue}");
        }

        return new MappedArray<T>(_file, offset, (int)(length / size));
    }

    public LargeSection Bytes(string name)
    {
        (long offset, long length) = Find(name);
        return new LargeSection(_file, offset, length);
    }

    /// <summary>One page fault then reads one page.</summary>
    public void ExpectRandomAccess() => _file.ExpectRandomAccess();

    /// <summary>Reads all of it in file order and keeps nothing: the page cache then has what the mapping touches.</summary>
    public void ReadThrough()
    {
        using SafeFileHandle file = File.OpenHandle(
            Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            long at = 0;
            for (int read; (read = RandomAccess.Read(file, piece, at)) > 0;)
            {
                at += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>What was touched is memory of the page cache alone again, until it is touched anew.</summary>
    public void GiveBack() => _file.GiveBack();

    public void Populate(CancellationToken cancel = default) => _file.Populate(cancel);

    public void Dispose() => _file.Dispose();

    private (long Offset, long Length) Find(string name) => _sections.TryGetValue(name, out (long Offset, long Length) found)
        ? found
        : throw StorageErrors.Damaged(Path, $"it has no section '{name}'");
}
