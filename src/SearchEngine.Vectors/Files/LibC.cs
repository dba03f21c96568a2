using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SearchEngine.Vectors.Files;

/// <summary>
/// The only imports of the C library: mapping, advice on residency, and making a directory entry durable.
/// </summary>
internal static unsafe partial class LibC
{
    public const int HugePage = 2 << 20;

    private const int ProtectNone = 0;
    private const int ProtectRead = 1;
    private const int ProtectReadWrite = 1 | 2;
    private const int MapShared = 0x01;
    private const int MapPrivateAnonymous = 0x02 | 0x20;
    private const int MapNoReserve = 0x4000;
    private const int OpenDirectoryReadOnly = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC
    private const int FileDontNeed = 4;
    private const int Interrupted = 4;
    private const int InvalidArgument = 22;
    private const nint Failed = -1;

    public enum Advice
    {
        Random = 1,
        WillNeed = 3,
        DontNeed = 4,
        HugePage = 14,
        PopulateRead = 22,
    }

    /// <summary>
    /// Zeroed memory with huge pages where the system grants them. The start is page-aligned, not huge-page-aligned.
    /// </summary>
    public static nint MapAnonymous(nuint length)
    {
        nint address = Map(0, length, ProtectReadWrite, MapPrivateAnonymous, -1, 0);
        return address != Failed
            ? address
            : throw new InsufficientMemoryException($"mmap of {length} bytes failed: {LastError()}");
    }

    /// <summary>
    /// Addresses without memory behind them: touching one before <see cref="Commit"/> ends the process.
    /// </summary>
    public static nint Reserve(nuint length)
    {
        nint address = Map(0, length, ProtectNone, MapPrivateAnonymous | MapNoReserve, -1, 0);
        return address != Failed
            ? address
            : throw new InsufficientMemoryException($"Reserving {length} bytes of addresses failed: {LastError()}");
    }

    /// <summary>Makes reserved addresses zeroed memory; both arguments are multiples of the page size.</summary>
    public static void Commit(nint address, nuint length)
    {
        if (Protect(address, length, ProtectReadWrite) != 0)
        {
            throw new InsufficientMemoryException($"Committing {length} bytes failed: {LastError()}");
        }
    }

    /// <summary>A read-only shared mapping. <paramref name="offset"/> is a multiple of the page size.</summary>
    public static nint MapFile(SafeFileHandle file, long offset, nuint length)
    {
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            nint address = Map(0, length, ProtectRead, MapShared, (int)file.DangerousGetHandle(), (nint)offset);
            return address != Failed
                ? address
                : throw new IOException($"mmap of {length} bytes at {offset} failed: {LastError()}");
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    public static void Unmap(nint address, nuint length)
    {
        if (UnmapMemory(address, length) != 0)
        {
            throw new InvalidOperationException($"munmap failed: {LastError()}");
        }
    }

    /// <summary>False when the kernel refuses the advice; the reason is then the last error.</summary>
    public static bool TryAdvise(nint address, nuint length, Advice advice) => length == 0 || Advise(address, length, (int)advice) == 0;

    /// <summary>Bytes of the range that are in memory now, by whole pages.</summary>
    public static long ResidentBytes(nint address, nuint length)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        const int PagesPerCall = 4096;
        byte* states = stackalloc byte[PagesPerCall];
        long resident = 0;
        for (nuint at = 0; at < length;)
        {
            nuint pages = Math.Min((length - at + page - 1) / page, PagesPerCall);
            if (InCore(address + (nint)at, pages * page, states) != 0)
            {
                throw new IOException($"mincore failed: {LastError()}");
            }

            for (nuint i = 0; i < pages; i++)
            {
                resident += (states[i] & 1) * (long)page;
            }

            at += pages * page;
        }

        return resident;
    }

    /// <summary>Fills memory from a file.</summary>
    /// <returns>Bytes read: fewer than asked for only at the end of the file.</returns>
    public static nuint Read(int descriptor, byte* target, nuint length, long offset)
    {
        nuint done = 0;
        while (done < length)
        {
            nint read = ReadAt(descriptor, target + done, length - done, (nint)offset + (nint)done);
            if (read == 0)
            {
                break;
            }

            if (read > 0)
            {
                done += (nuint)read;
            }
            else if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new IOException($"Reading {length} bytes at {offset} failed: {LastError()}");
            }
        }

        return done;
    }

    /// <summary>Drops a file's clean pages from the page cache, after they were copied elsewhere.</summary>
    public static void DropFromCache(SafeFileHandle file)
    {
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            // Advice only: a refusal costs memory, not correctness.
            _ = AdviseFile((int)file.DangerousGetHandle(), 0, 0, FileDontNeed);
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>
    /// Makes the names in a directory durable: a rename that is not followed by this may be lost with the power.
    /// </summary>
    public static void SyncDirectory(string path)
    {
        int descriptor = Open(path, OpenDirectoryReadOnly, 0);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open directory {path}: {LastError()}");
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                throw new IOException($"fsync of directory {path} failed: {LastError()}");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>The kernel does not know what it was asked for.</summary>
    public static bool LastErrorIsUnsupported => Marshal.GetLastPInvokeError() == InvalidArgument;

    public static string LastError() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int UnmapMemory(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(nint address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "mincore", SetLastError = true)]
    private static partial int InCore(nint address, nuint length, byte* states);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint ReadAt(int descriptor, byte* target, nuint length, nint offset);

    [LibraryImport("libc", EntryPoint = "posix_fadvise", SetLastError = true)]
    private static partial int AdviseFile(int descriptor, nint offset, nint length, int advice);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
