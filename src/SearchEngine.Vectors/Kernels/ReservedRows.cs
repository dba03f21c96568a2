using SearchEngine.Vectors.Files;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// Rows that grow without ever moving: addresses for all of them are reserved at once, memory is added behind them slab by
/// slab. So a reader needs no pointer table and no lock, and kernels see one base address for the whole life.
/// <see cref="RowMemory.Count"/> is the capacity; only rows that <see cref="Ensure"/> covers may be touched.
/// </summary>
internal sealed class ReservedRows : RowMemory
{
    /// <summary>A multiple of the huge page, so that every slab can be made of them.</summary>
    private const long Slab = 8L << 20;

    private readonly nuint _length;
    private readonly Lock _growth = new();
    private nint _mapping;
    private long _committed;

    private ReservedRows(nint mapping, nuint length, int capacity, int stride)
        : base(AlignUp(mapping), capacity, stride)
    {
        _mapping = mapping;
        _length = length;
    }

    ~ReservedRows() => Dispose(false);

    public override bool IsResident => true;

    /// <summary>Bytes of memory behind the rows; the system hands out pages of them as they are touched.</summary>
    public long CommittedBytes => Volatile.Read(ref _committed);

    public static ReservedRows Reserve(int capacity, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        nuint length = (nuint)(RoundUp((long)capacity * stride + 64) + LibC.HugePage);
        return new ReservedRows(LibC.Reserve(length), length, capacity, stride);
    }

    /// <summary>Puts zeroed memory behind the first <paramref name="rows"/> rows. Any thread.</summary>
    public void Ensure(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Count);
        // One line more than the rows: kernels load whole lines.
        long needed = (long)rows * Stride + 64;
        if (needed <= Volatile.Read(ref _committed))
        {
            return;
        }
        lock (_growth)
        {
            ObjectDisposedException.ThrowIf(_mapping == 0, this);
            long from = _committed, to = RoundUp(needed);
            if (to <= from)
            {
                return;
            }
            LibC.Commit(Address + (nint)from, (nuint)(to - from));
            // Refused where transparent huge pages are off: slower but right.
            _ = LibC.TryAdvise(Address + (nint)from, (nuint)(to - from), LibC.Advice.HugePage);
            GC.AddMemoryPressure(to - from);
            Volatile.Write(ref _committed, to);
        }
    }

    protected override void Dispose(bool disposing)
    {
        nint mapping = Interlocked.Exchange(ref _mapping, 0);
        if (mapping == 0)
        {
            return;
        }
        if (_committed > 0)
        {
            GC.RemoveMemoryPressure(_committed);
        }
        LibC.Unmap(mapping, _length);
    }

    private static long RoundUp(long bytes) => (bytes + Slab - 1) / Slab * Slab;

    private static nint AlignUp(nint address) => (address + LibC.HugePage - 1) & ~(nint)(LibC.HugePage - 1);
}
