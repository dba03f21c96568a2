using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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

    public void Keep(long above) => KeepChosen(new Above(above));

    public void KeepHits() => KeepChosen(default(Hits));

    /// <summary>Keeps ordinals below <paramref name="end"/>.</summary>
    public void KeepBelow(uint end) => KeepChosen(new Below(end));

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
    /// <param name="taken">Has room for a vector more than are moved.</param>
    /// <returns>How many were moved.</returns>
    public int Take(long cut, long bound, long* taken)
    {
        long* entries = _entries.Address;
        int kept = 0, moved = 0, i = 0;
        if (Avx512F.IsSupported)
        {
            Vector512<long> least = Vector512.Create(bound), most = Vector512.Create(cut);
            for (; i + SortedEntries.Width <= Count; i += SortedEntries.Width)
            {
                Vector512<long> entry = Vector512.Load(entries + i), isAbove = Vector512.GreaterThan(entry, most);
                kept += Pack(entry, Vector512.AndNot(Vector512.GreaterThan(entry, least), isAbove), entries + kept);
                moved += Pack(entry, isAbove, taken + moved);
            }
        }
        for (; i < Count; i++)
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

    // In order. One by one without a branch, a filtered walk spent a tenth of its time here (2026-11-26).
    private void KeepChosen<TChoice>(TChoice choice)
        where TChoice : struct, IChoice
    {
        long* entries = _entries.Address;
        int kept = 0, i = 0;
        if (Avx512F.IsSupported)
        {
            for (; i + SortedEntries.Width <= Count; i += SortedEntries.Width)
            {
                Vector512<long> entry = Vector512.Load(entries + i);
                kept += Pack(entry, choice.Of(entry), entries + kept);
            }
        }
        for (; i < Count; i++)
        {
            long entry = entries[i];
            entries[kept] = entry;
            kept += choice.Of(entry) ? 1 : 0;
        }
        Count = kept;
    }

    // Writes a whole vector, of which what is wanted comes first: behind it only what was read before is overwritten.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Pack(Vector512<long> entries, Vector512<long> isWanted, long* target)
    {
        Avx512F.Compress(entries, isWanted, entries).Store(target);
        return BitOperations.PopCount(isWanted.ExtractMostSignificantBits());
    }

    private interface IChoice
    {
        bool Of(long entry);

        Vector512<long> Of(Vector512<long> entries);
    }

    private readonly struct Above(long entry) : IChoice
    {
        public bool Of(long other) => other > entry;

        public Vector512<long> Of(Vector512<long> entries) => Vector512.GreaterThan(entries, Vector512.Create(entry));
    }

    private readonly struct Hits : IChoice
    {
        public bool Of(long entry) => Entry.IsHit(entry);

        public Vector512<long> Of(Vector512<long> entries) => ~Vector512.Equals(entries & Vector512<long>.One, Vector512<long>.Zero);
    }

    private readonly struct Below(uint end) : IChoice
    {
        public bool Of(long entry) => Entry.OrdinalOf(entry) < end;

        public Vector512<long> Of(Vector512<long> entries) =>
            Vector512.LessThan((entries & Vector512.Create((long)uint.MaxValue)) >> 1, Vector512.Create((long)end));
    }
}
