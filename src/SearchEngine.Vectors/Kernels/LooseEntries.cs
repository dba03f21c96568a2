using System.Runtime.CompilerServices;

namespace SearchEngine.Vectors.Kernels;

/// <summary>Longs in no order that are counted and thinned by value. The owner sees to it that there is room.</summary>
internal sealed unsafe class LooseEntries : IDisposable
{
    private AlignedBuffer<long> _entries = new(SortedEntries.Width);

    public int Count { get; private set; }

    public ReadOnlySpan<long> Span => _entries.Span[..Count];

    /// <summary>Forgets the entries and makes room for others.</summary>
    public void Reset(int room)
    {
        if (_entries.Length < room)
        {
            _entries.Dispose();
            _entries = new AlignedBuffer<long>(room);
        }
        Count = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long entry) => _entries.Address[Count++] = entry;

    /// <summary>Without a branch: stored in any case, counted when wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddIf(bool isWanted, long entry)
    {
        _entries.Address[Count] = entry;
        Count += isWanted ? 1 : 0;
    }

    public void Add(ReadOnlySpan<long> entries)
    {
        entries.CopyTo(_entries.Span[Count..]);
        Count += entries.Length;
    }

    public void Keep(long above)
    {
        long* entries = _entries.Address;
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            long entry = entries[i];
            entries[kept] = entry;
            kept += entry > above ? 1 : 0;
        }
        Count = kept;
    }

    public void KeepHits()
    {
        long* entries = _entries.Address;
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            long entry = entries[i];
            entries[kept] = entry;
            kept += Entry.IsHit(entry) ? 1 : 0;
        }
        Count = kept;
    }

    /// <summary>Keeps ordinals below <paramref name="end"/>.</summary>
    public void KeepBelow(uint end)
    {
        long* entries = _entries.Address;
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            long entry = entries[i];
            entries[kept] = entry;
            kept += Entry.OrdinalOf(entry) < end ? 1 : 0;
        }
        Count = kept;
    }

    /// <summary>An entry that <paramref name="most"/> others are above at most, and if there are so many at least half of that.</summary>
    /// <param name="low">Not below it.</param>
    /// <param name="high">No entry is above it.</param>
    public long FindCut(long low, long high, int most)
    {
        if (CountAbove(low) <= most)
        {
            return low;
        }
        long middle;
        int above;
        do
        {
            middle = low + (long)((ulong)(high - low) >> 1);
            above = CountAbove(middle);
            (low, high) = above > most ? (middle, high) : (low, middle);
        }
        while (above > most || above < most / 2);
        return middle;
    }

    /// <summary>Moves what is above <paramref name="cut"/> out and drops what is not above <paramref name="bound"/>.</summary>
    /// <param name="taken">Has room for one more than are moved.</param>
    /// <returns>How many were moved.</returns>
    public int Take(long cut, long bound, long* taken)
    {
        long* entries = _entries.Address;
        int kept = 0, moved = 0;
        for (int i = 0; i < Count; i++)
        {
            long entry = entries[i];
            entries[kept] = entry;
            kept += entry > bound & entry <= cut ? 1 : 0;
            taken[moved] = entry;
            moved += entry > cut ? 1 : 0;
        }
        Count = kept;
        return moved;
    }

    public int CountAbove(long entry)
    {
        SortedEntries.Fill(_entries.Address + Count);
        return SortedEntries.CountAbove(_entries.Address, Count, entry);
    }

    /// <param name="hits">How many of them are hits.</param>
    public int CountAbove(long entry, out int hits)
    {
        SortedEntries.Fill(_entries.Address + Count);
        return SortedEntries.CountAbove(_entries.Address, Count, entry, out hits);
    }

    public Span<long> Sort()
    {
        Span<long> entries = _entries.Span[..Count];
        entries.Sort();
        entries.Reverse();
        return entries;
    }

    public void Dispose() => _entries.Dispose();
}
