using SearchEngine.Vectors.Files;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// Zeroed rows in anonymous memory on 2 MiB pages where the system grants them. Random access over 4 KiB pages costs
/// about a fifth of search speed once the rows are larger than the caches (measured 2026-11-20).
/// </summary>
public sealed class AnonymousRows : RowMemory
{
    private readonly nuint _length;
    private nint _mapping;

    private AnonymousRows(nint mapping, nuint length, int count, int stride)
        : base(AlignUp(mapping), count, stride)
    {
        _mapping = mapping;
        _length = length;
        GC.AddMemoryPressure((long)length);
    }

    public override bool IsResident => true;

    ~AnonymousRows() => Dispose(false);

    public static AnonymousRows Allocate(int count, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        // One huge page more than the rows need, so that they can start on a huge page; one line more, so that a
        // kernel that loads whole lines stays inside.
        nuint length = (nuint)((long)count * stride) + LibC.HugePage + 64;
        nint mapping = LibC.MapAnonymous(length);
        // Refused where transparent huge pages are off: the rows then live on small pages, slower but right.
        _ = LibC.TryAdvise(AlignUp(mapping), length - (nuint)(AlignUp(mapping) - mapping), LibC.Advice.HugePage);
        return new AnonymousRows(mapping, length, count, stride);
    }

    protected override void Dispose(bool disposing)
    {
        nint mapping = Interlocked.Exchange(ref _mapping, 0);
        if (mapping == 0)
        {
            return;
        }
        GC.RemoveMemoryPressure((long)_length);
        LibC.Unmap(mapping, _length);
    }

    private static nint AlignUp(nint address) => (address + LibC.HugePage - 1) & ~(nint)(LibC.HugePage - 1);
}
