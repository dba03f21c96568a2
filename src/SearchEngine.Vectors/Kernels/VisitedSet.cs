using System.Runtime.CompilerServices;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// One byte a row that holds the epoch of the last search that saw it: forgetting is an increment, a real clear happens
/// every 255 searches. Scratch of one search at a time.
/// </summary>
internal sealed unsafe class VisitedSet : IDisposable
{
    private readonly AlignedBuffer<byte> _epochs;
    private readonly uint _count;
    private byte _epoch;

    public VisitedSet(int count)
    {
        _count = (uint)count;
        _epochs = new AlignedBuffer<byte>(count + 1);
    }

    /// <summary>Forgets everything. The padding ordinal, count, always counts as visited.</summary>
    public void Clear()
    {
        if (++_epoch == 0)
        {
            _epochs.Span.Clear();
            _epoch = 1;
        }
        _epochs.Address[_count] = _epoch;
    }

    /// <summary>Marks <paramref name="ordinal"/> and says whether it was unmarked.</summary>
    public bool Add(uint ordinal)
    {
        ref byte slot = ref _epochs.Span[(int)ordinal];
        bool added = slot != _epoch;
        slot = _epoch;
        return added;
    }

    /// <summary>
    /// Copies the unvisited ordinals of a link row to <paramref name="target"/>, marks them and returns how many there
    /// were. Without branches: about half of the tests would be mispredicted. Target has room for the whole row.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Take(uint* row, int width, uint* target)
    {
        byte* epochs = _epochs.Address;
        byte epoch = _epoch;
        uint count = _count;
        uint* next = target;
        for (int j = 0; j < width; j++)
        {
            // A damaged row must not reach outside the array: out of range counts as padding.
            uint ordinal = Math.Min(row[j], count);
            *next = ordinal;
            byte* slot = epochs + ordinal;
            next += *slot != epoch ? 1 : 0;
            *slot = epoch;
        }
        return (int)(next - target);
    }

    public void Dispose() => _epochs.Dispose();
}
