using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Storage;

/// <summary>Checks a section file by reads. Nothing is allocated or mapped by a length that was not checked against the file.</summary>
internal sealed class SectionReader : IDisposable
{
    private readonly string _path;
    private readonly long _tableOffset;
    private readonly ulong[] _checksums;
    private SafeFileHandle? _file;

    private SectionReader(SafeFileHandle file, string path, string kind)
    {
        _file = file;
        _path = path;
        long length = RandomAccess.GetLength(file);
        if (length < SectionFormat.HeadBytes + SectionFormat.FooterBytes)
        {
            throw StorageErrors.Damaged(path, $"it has {length} bytes, too few for a section file");
        }

        Span<byte> edge = stackalloc byte[SectionFormat.HeadBytes];
        Fill(edge, 0);
        ulong headChecksum = SectionFormat.CheckHead(edge, path, kind);
        Fill(edge, length - SectionFormat.FooterBytes);
        SectionFooter footer = SectionFormat.CheckFooter(edge, path, length, headChecksum);
        var table = new byte[footer.TableBytes];
        Fill(table, footer.TableOffset);
        if (BlockChecksum.Of(table) != footer.TableChecksum)
        {
            throw StorageErrors.Damaged(path, "its table of sections does not match its checksum");
        }

        _tableOffset = footer.TableOffset;
        int entryBytes = footer.Sections * SectionFormat.EntryBytes;
        _checksums = MemoryMarshal.Cast<byte, ulong>(table.AsSpan(entryBytes)).ToArray();
        Sections = ReadEntries(table.AsSpan(0, entryBytes));
    }

    public Dictionary<string, (long Offset, long Length)> Sections { get; }

    public static SectionReader Open(string path, string kind)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw StorageErrors.Damaged(path, "it is missing", error);
        }

        try
        {
            return new SectionReader(file, path, kind);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Hands the open file over to a mapping.</summary>
    public MappedFile Map()
    {
        SafeFileHandle file = _file ?? throw new ObjectDisposedException(_path);
        MappedFile mapped = MappedFile.Map(file, _path, RandomAccess.GetLength(file));
        _file = null;
        return mapped;
    }

    public DamageFinding? FirstDamage(CancellationToken cancel) => Damages(cancel).FirstOrDefault();

    /// <summary>Reads every block; one finding per damaged one.</summary>
    public IEnumerable<DamageFinding> Damages(CancellationToken cancel, IScrubObserver? observer = null)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(SectionFormat.BlockBytes);
        try
        {
            for (int i = 0; i < _checksums.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                if (CheckBlock(i, block) is { } what)
                {
                    yield return new DamageFinding(_path, what);
                }
                observer?.Checked((int)Math.Min(SectionFormat.BlockBytes, _tableOffset - (long)i * SectionFormat.BlockBytes));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    public void Dispose() => _file?.Dispose();

    private string? CheckBlock(int index, byte[] buffer)
    {
        long from = (long)index * SectionFormat.BlockBytes;
        Span<byte> block = buffer.AsSpan(0, (int)Math.Min(SectionFormat.BlockBytes, _tableOffset - from));
        try
        {
            Fill(block, from);
        }
        catch (IOException error)
        {
            return $"bytes {from} to {from + block.Length} cannot be read: {error.Message}";
        }

        return BlockChecksum.Of(block) == _checksums[index]
            ? null
            : $"bytes {from} to {from + block.Length} ({Within(from, block.Length)}) do not match their checksum";
    }

    private string Within(long from, int length)
    {
        IEnumerable<string> names = Sections
            .Where(section => section.Value.Offset < from + length && section.Value.Offset + section.Value.Length > from)
            .Select(static section => $"'{section.Key}'");
        return "sections " + string.Join(", ", names);
    }

    private Dictionary<string, (long Offset, long Length)> ReadEntries(ReadOnlySpan<byte> entries)
    {
        var sections = new Dictionary<string, (long Offset, long Length)>(StringComparer.Ordinal);
        for (; !entries.IsEmpty; entries = entries[SectionFormat.EntryBytes..])
        {
            string name = SectionFormat.ReadName(entries[..SectionFormat.MaxNameBytes]);
            long offset = BinaryPrimitives.ReadInt64LittleEndian(entries[SectionFormat.MaxNameBytes..]);
            long length = BinaryPrimitives.ReadInt64LittleEndian(entries[(SectionFormat.MaxNameBytes + sizeof(long))..]);
            bool inside = offset >= SectionFormat.HeadBytes && offset % SectionFormat.Alignment == 0
                && length >= 0 && offset <= _tableOffset && length <= _tableOffset - offset;
            if (!inside || !sections.TryAdd(name, (offset, length)))
            {
                throw StorageErrors.Damaged(_path, $"its table places section '{name}' outside the file or twice");
            }
        }

        return sections;
    }

    private void Fill(Span<byte> target, long offset)
    {
        SafeFileHandle file = _file ?? throw new ObjectDisposedException(_path);
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(file, target, offset);
            if (read == 0)
            {
                throw StorageErrors.Damaged(_path, $"it ended at byte {offset} while it was read");
            }

            target = target[read..];
            offset += read;
        }
    }
}
