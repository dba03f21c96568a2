using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The best candidates so far, best first. Scratch of one search.
/// </summary>
internal sealed class CandidatePool
{
    private long[] _entries = new long[64];
    private int _capacity;

    public int Count { get; private set; }

    public bool IsFull => Count == _capacity;

    public int WorstScore => ScoreAt(Count - 1);

    public int ScoreAt(int position) => Entry.ScoreOf(_entries[position]);

    public uint OrdinalAt(int position) => Entry.OrdinalOf(_entries[position]);

    /// <param name="capacity">How many are kept.</param>
    public void Reset(int capacity)
    {
        _capacity = capacity;
        Count = 0;
        Reserve(capacity);
    }

    /// <summary>Takes over what a walk found.</summary>
    /// <param name="entries">Best first.</param>
    public void Load(ReadOnlySpan<long> entries)
    {
        Reset(entries.Length);
        entries.CopyTo(_entries);
        Count = entries.Length;
    }

    /// <summary>Inserts a candidate; the worst falls out when full. One that is worse than all of a full pool must not come.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(int score, uint ordinal) => Insert(Entry.Pack(score, ordinal));

    /// <summary>Inserts a candidate if it belongs among the kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void OfferIfBetter(int score, uint ordinal)
    {
        long entry = Entry.Pack(score, ordinal);
        if (Count < _capacity || entry > _entries[Count - 1])
        {
            Insert(entry);
        }
    }

    private void Reserve(int capacity)
    {
        if (_entries.Length < capacity + 16)
        {
            _entries = new long[capacity + 16];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Insert(long entry)
    {
        int at = Count;
        if (at < _capacity)
        {
            Count = at + 1;
        }
        else
        {
            at = _capacity - 1;
        }
        if (Vector512.IsHardwareAccelerated)
        {
            Shift512(entry, at);
        }
        else
        {
            ShiftScalar(entry, at);
        }
    }

    // Search and shift in one backward pass, eight entries a step: candidates mostly land near the end.
    private void Shift512(long entry, int at)
    {
        ref long entries = ref MemoryMarshal.GetArrayDataReference(_entries);
        Vector512<long> wanted = Vector512.Create(entry);
        while (at >= 8)
        {
            Vector512<long> eight = Vector512.LoadUnsafe(ref entries, (nuint)(at - 8));
            Vector512<long> smaller = Vector512.LessThan(eight, wanted);
            ulong mask = smaller.ExtractMostSignificantBits();
            ref long target = ref Unsafe.Add(ref entries, at - 7);
            if (mask == 0xFF)
            {
                eight.StoreUnsafe(ref target);
                at -= 8;
                continue;
            }
            Vector512.ConditionalSelect(smaller, eight, Vector512.LoadUnsafe(ref target)).StoreUnsafe(ref target);
            at -= BitOperations.PopCount(mask);
            Unsafe.Add(ref entries, at) = entry;
            return;
        }
        ShiftScalar(entry, at);
    }

    private void ShiftScalar(long entry, int at)
    {
        long[] entries = _entries;
        while (at > 0 && entries[at - 1] < entry)
        {
            entries[at] = entries[at - 1];
            at--;
        }
        entries[at] = entry;
    }
}
