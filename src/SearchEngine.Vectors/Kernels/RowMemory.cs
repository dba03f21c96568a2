namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// Fixed-stride rows at a stable 64-byte aligned address: row i starts at Address + i * Stride. A mapped file and
/// anonymous memory look alike. Readable from any thread; whoever writes owns it alone.
/// </summary>
public abstract unsafe class RowMemory : IDisposable
{
    private readonly byte* _address;

    protected RowMemory(nint address, int count, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        if ((address & 63) != 0)
        {
            throw new ArgumentException("Rows start on a 64-byte boundary; kernels count lines from there.", nameof(address));
        }
        _address = (byte*)address;
        Count = count;
        Stride = stride;
    }

    public int Count { get; }

    public int Stride { get; }

    public long Bytes => (long)Count * Stride;

    public nint Address => (nint)_address;

    /// <summary>Whether the rows are known to be in memory; kernels over others must not hold up a garbage collection.</summary>
    public virtual bool IsResident => false;

    /// <summary>Whether whoever wants a few rows is to <see cref="Fetch"/> them, not to touch them where they are.</summary>
    internal virtual bool IsFetched => false;

    /// <summary>Row <paramref name="ordinal"/>, all of its stride.</summary>
    public Span<byte> Row(uint ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, (uint)Count);
        return new Span<byte>(_address + (long)ordinal * Stride, Stride);
    }

    /// <summary>Rows <paramref name="first"/> .. first + count as one block; less than 2 GiB.</summary>
    public Span<byte> Rows(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, Count, nameof(count));
        return new Span<byte>(_address + (long)first * Stride, checked((int)((long)count * Stride)));
    }

    /// <summary>Row <paramref name="ordinal"/> as elements of <typeparamref name="T"/>.</summary>
    public Span<T> RowAs<T>(uint ordinal)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, (uint)Count);
        return new Span<T>(_address + (long)ordinal * Stride, Stride / sizeof(T));
    }

    /// <summary>Copies what lies from the beginning of a row on.</summary>
    /// <param name="target">At most up to the last row.</param>
    internal virtual void Fetch(uint ordinal, Span<byte> target)
    {
        ThrowIfOutside(ordinal, target.Length);
        new ReadOnlySpan<byte>(_address + (long)ordinal * Stride, target.Length).CopyTo(target);
    }

    /// <summary>Lets the system have back what was touched of rows that are fetched otherwise; they stay readable.</summary>
    internal virtual void GiveBack()
    {
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    private protected void ThrowIfOutside(uint ordinal, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, (uint)Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Bytes - (long)ordinal * Stride);
    }
}
