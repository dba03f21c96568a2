using Microsoft.Win32.SafeHandles;

namespace SearchEngine.Vectors.Files;

/// <summary>
/// A whole file mapped read-only, given out as spans. Readable from any thread. The caller has checked the length and
/// never shrinks the file: touching a page that no longer exists ends the process.
/// </summary>
/// <remarks>
/// There is no finalizer: a span does not keep its mapping alive, so one that is forgotten must leak rather than be unmapped
/// under a reader. Dispose when no reader is left.
/// </remarks>
public sealed unsafe class MappedFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private nint _address;

    private MappedFile(SafeFileHandle file, string path, nint address, long length)
    {
        _file = file;
        _address = address;
        Path = path;
        Length = length;
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>Bytes that are in memory now, by whole pages.</summary>
    public long ResidentBytes => LibC.ResidentBytes(Address, (nuint)Length);

    private nint Address => _address != 0 ? _address : throw new ObjectDisposedException(Path);

    /// <summary>Maps an open file and takes the handle over.</summary>
    /// <param name="length">Of the file, at least 1, as the file system reports it.</param>
    public static MappedFile Map(SafeFileHandle file, string path, long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return new MappedFile(file, path, LibC.MapFile(file, 0, (nuint)length), length);
    }

    /// <summary>Elements from a byte offset, which is a multiple of the element size; all inside the file.</summary>
    public ReadOnlySpan<T> Span<T>(long offset, int count)
        where T : unmanaged
    {
        if (offset < 0 || count < 0 || offset > Length - ((long)count * sizeof(T)) || offset % sizeof(T) != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"{count} elements of {sizeof(T)} bytes must lie aligned inside the {Length} bytes of {Path}.");
        }

        return new ReadOnlySpan<T>((byte*)Address + offset, count);
    }

    /// <summary>One page fault reads one page, not a read-ahead window of megabytes.</summary>
    public void ExpectRandomAccess() => _ = LibC.TryAdvise(Address, (nuint)Length, LibC.Advice.Random);

    /// <summary>What was touched is memory of the page cache alone again, until it is touched anew.</summary>
    public void GiveBack() => _ = LibC.TryAdvise(Address, (nuint)Length, LibC.Advice.DontNeed);

    /// <summary>Reads the whole file into memory in steps, so that cancelling takes effect within one step.</summary>
    public void Populate(CancellationToken cancel) => PageLoader.Populate(Address, Length, Path, cancel);

    public void Dispose()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
        {
            LibC.Unmap(address, (nuint)Length);
            _file.Dispose();
        }
    }
}
