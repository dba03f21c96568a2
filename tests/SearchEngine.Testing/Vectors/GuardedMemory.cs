using System.Runtime.InteropServices;

namespace SearchEngine.Testing.Vectors;

/// <summary>
/// Memory with an unreadable page on one side, so that a kernel that reads or writes one byte too far ends the test
/// process instead of passing by luck.
/// </summary>
public sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int ProtNone = 0;
    private const int ProtReadWrite = 1 | 2;
    private const int MapPrivateAnonymous = 0x02 | 0x20;

    private readonly byte* _mapping;
    private readonly nuint _mappingLength;
    private bool _disposed;

    private GuardedMemory(byte* mapping, nuint mappingLength, byte* pointer, int length)
    {
        _mapping = mapping;
        _mappingLength = mappingLength;
        Pointer = pointer;
        Length = length;
    }

    public byte* Pointer { get; }

    public int Length { get; }

    public Span<byte> Span => new(Pointer, Length);

    /// <summary>
    /// The byte after the last one is unreadable. The start is aligned as far as <paramref name="length"/> is.
    /// </summary>
    public static GuardedMemory BeforeGuard(int length, int alignment = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length % alignment != 0)
        {
            throw new ArgumentException(
                $"{length} bytes cannot both start at a multiple of {alignment} and end at the guard page.", nameof(length));
        }

        nuint usable = RoundToPages(length);
        byte* mapping = Map(usable + (nuint)Environment.SystemPageSize);
        Protect(mapping + usable);
        return new GuardedMemory(mapping, usable + (nuint)Environment.SystemPageSize, mapping + usable - length, length);
    }

    /// <summary>The byte before the first one is unreadable.</summary>
    public static GuardedMemory AfterGuard(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        nuint usable = RoundToPages(length);
        byte* mapping = Map(usable + (nuint)Environment.SystemPageSize);
        Protect(mapping);
        return new GuardedMemory(
            mapping, usable + (nuint)Environment.SystemPageSize, mapping + Environment.SystemPageSize, length);
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Unmap(_mapping, _mappingLength);
        }
    }

    private static nuint RoundToPages(int length)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        return ((nuint)length + page - 1) / page * page;
    }

    private static byte* Map(nuint length)
    {
        byte* address = MapMemory(null, length, ProtReadWrite, MapPrivateAnonymous, -1, 0);
        return (nint)address == -1
            ? throw new InvalidOperationException($"mmap of {length} bytes failed: errno {Marshal.GetLastPInvokeError()}.")
            : address;
    }

    private static void Protect(byte* page)
    {
        if (ProtectMemory(page, (nuint)Environment.SystemPageSize, ProtNone) != 0)
        {
            throw new InvalidOperationException($"mprotect failed: errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* MapMemory(byte* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int ProtectMemory(byte* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(byte* address, nuint length);
}
