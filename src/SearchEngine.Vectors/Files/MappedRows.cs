using Microsoft.Win32.SafeHandles;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Files;

/// <summary>
/// The rows of one file, mapped read-only; writing to them ends the process. Readable from any thread. The open file holds
/// a shared lock and is never truncated: touching a page that no longer exists would end the process as well.
/// </summary>
public sealed class MappedRows : RowMemory
{
    private readonly SafeFileHandle _file;
    private readonly int _descriptor;
    private readonly nuint _length;
    private nint _mapping;
    private volatile bool _isFetched;

    private MappedRows(SafeFileHandle file, string path, RowFileHeader header, nint mapping, nuint length)
        : base(mapping, header.Count, header.Stride)
    {
        _file = file;
        _descriptor = (int)file.DangerousGetHandle();
        _mapping = mapping;
        _length = length;
        Path = path;
        Header = header;
    }

    ~MappedRows() => Dispose(false);

    public string Path { get; }

    public RowFileHeader Header { get; }

    internal override bool IsFetched => _isFetched;

    /// <summary>Bytes of the rows that are in memory now.</summary>
    public long ResidentBytes => LibC.ResidentBytes(Address, (nuint)Bytes);

    internal static MappedRows Map(SafeFileHandle file, string path, RowFileHeader header)
    {
        // Up to the end of the file: the trailer behind the rows is what makes a whole-line load past the last row safe.
        nuint length = (nuint)(header.FileBytes - RowFileHeader.DataOffset);
        return new MappedRows(file, path, header, LibC.MapFile(file, RowFileHeader.DataOffset, length), length);
    }

    /// <summary>
    /// Tells the kernel that access is random. Without it one page fault may read the whole read-ahead window (8 MiB on some
    /// devices) for 128 useful bytes.
    /// </summary>
    public void ExpectRandomAccess() => _ = LibC.TryAdvise(Address, _length, LibC.Advice.Random);

    /// <summary>Reads all rows into memory in steps, so that cancelling takes effect within one step.</summary>
    public void Populate(CancellationToken cancel) => PageLoader.Populate(Address, Bytes, Path, cancel);

    /// <summary>
    /// The same rows on 2 MiB pages; the file's pages are dropped from the cache, so that memory holds them once.
    /// </summary>
    public AnonymousRows CopyToHugePages(CancellationToken cancel)
    {
        const int StepBytes = 16 << 20;
        AnonymousRows copy = AnonymousRows.Allocate(Count, Stride);
        try
        {
            int step = Math.Max(1, StepBytes / Stride);
            for (int row = 0; row < Count; row += step)
            {
                cancel.ThrowIfCancellationRequested();
                int rows = Math.Min(step, Count - row);
                // By reads, not through the mapping: an unreadable sector is then an exception.
                ReadExactly(copy.Rows(row, rows), RowFileHeader.DataOffset + ((long)row * Stride));
            }

            LibC.DropFromCache(_file);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>From the next search on rows are read by calls, or touched where they are.</summary>
    internal void Access(TruthAccess access)
    {
        _isFetched = access == TruthAccess.Read;
        GiveBack();
    }

    internal override unsafe void Fetch(uint ordinal, Span<byte> target)
    {
        ThrowIfOutside(ordinal, target.Length);
        long offset = RowFileHeader.DataOffset + ((long)ordinal * Stride);
        fixed (byte* address = target)
        {
            // The descriptor as it is, as kernels have the address: whoever reads rows keeps them from being disposed.
            if (LibC.Read(_descriptor, address, (nuint)target.Length, offset) < (nuint)target.Length)
            {
                throw WasCut(offset);
            }
        }
    }

    internal override void GiveBack()
    {
        if (IsFetched)
        {
            _ = LibC.TryAdvise(Address, _length, LibC.Advice.DontNeed);
        }
    }

    protected override void Dispose(bool disposing)
    {
        nint mapping = Interlocked.Exchange(ref _mapping, 0);
        if (mapping == 0)
        {
            return;
        }

        LibC.Unmap(mapping, _length);
        if (disposing)
        {
            _file.Dispose();
        }
    }

    private void ReadExactly(Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(_file, target, offset);
            if (read == 0)
            {
                throw WasCut(offset);
            }

            target = target[read..];
            offset += read;
        }
    }

    private VectorFileException WasCut(long offset) => new(
        FileDamage.Size, Path, $"the end of the file at byte {offset}", $"{Header.FileBytes} bytes",
        "The file was cut after it was opened: restore it from a snapshot.");
}
