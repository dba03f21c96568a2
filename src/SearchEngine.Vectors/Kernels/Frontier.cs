using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// What a walk has found: the best unexpanded candidates in order, the front, and everything else in no order, the rest.
/// Keeping all of it sorted was a quarter of a 1-bit walk (2026-11-26); a walk needs the order of the few that it expands
/// next only. An entry is one long: score in the upper half, ordinal shifted by one, lowest bit "expanded"; comparing
/// entries compares (score, ordinal), a total order, so a walk is deterministic. Scratch of one search.
/// </summary>
internal sealed unsafe class Frontier : IDisposable
{
    /// <summary>Vectors of the front: 64 entries. Fewer are refilled from the rest more often.</summary>
    private const int FrontVectors = 8;
    private const int FrontLength = FrontVectors * SortedEntries.Width;

    /// <summary>Room for what comes between two looks at the length of the rest: rows in flight, the front, a vector.</summary>
    private const int Slack = 512;

    private readonly AlignedBuffer<long> _front = new(FrontLength);
    private AlignedBuffer<long> _best = new(SortedEntries.Width);
    private AlignedBuffer<long> _rest = new(SortedEntries.Width);
    private int _restCount;
    private int _shrinkAt;
    private int _breadth;
    private int _capacity;
    private int _hits;
    private int _bestVectors;
    private int _expanded;
    private int _found;

    /// <summary>No unexpanded entry of the rest is above it, and nothing that the bound drops.</summary>
    private long _floor;

    /// <summary>Scores up to here cannot matter any more.</summary>
    public int Bound { get; private set; }

    /// <summary>Entries found; valid after <see cref="Finish"/>.</summary>
    public int Count => _restCount;

    /// <summary>How many were expanded before the first that was not; valid after <see cref="Finish"/>.</summary>
    public int EffectiveBreadth { get; private set; }

    public ReadOnlySpan<long> Entries => _rest.Span[.._restCount];

    public static long Pack(int score, uint ordinal) => ((long)score << 32) | ((long)ordinal << 1);

    public static int ScoreOf(long entry) => (int)(entry >> 32);

    public static uint OrdinalOf(long entry) => (uint)entry >> 1;

    public uint OrdinalAt(int position) => OrdinalOf(_rest.Address[position]);

    /// <param name="breadth">Only the best this many are expanded.</param>
    /// <param name="capacity">How many are kept; at least breadth.</param>
    /// <param name="hits">The last of this many best has its score tracked; not where 0 or more than are kept.</param>
    public void Reset(int breadth, int capacity, int hits)
    {
        _breadth = breadth;
        _capacity = capacity;
        _hits = hits > capacity ? 0 : hits;
        _bestVectors = (_hits + SortedEntries.Width - 1) / SortedEntries.Width;
        _shrinkAt = 2 * capacity + FrontLength;
        _restCount = 0;
        _expanded = 0;
        _found = 0;
        _floor = SortedEntries.Empty;
        Bound = int.MinValue;
        Grow(ref _best, _bestVectors * SortedEntries.Width);
        Grow(ref _rest, _shrinkAt + Slack);
        _front.Span.Fill(SortedEntries.Empty);
        _best.Span[..(_bestVectors * SortedEntries.Width)].Fill(SortedEntries.Empty);
    }

    /// <summary>Takes in a scored row. Returns whether it is among the next to be expanded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Offer(int score, uint ordinal)
    {
        long entry = Pack(score, ordinal);
        if (entry <= _floor)
        {
            if (_hits > FrontLength)
            {
                // As many entries as the front holds are above the floor; only a later hit can be below it.
                Track(entry);
            }
            // Without a branch: stored in any case, counted when it may matter.
            _rest.Address[_restCount] = entry;
            _restCount += score > Bound ? 1 : 0;
            return false;
        }
        Insert(entry);
        return true;
    }

    /// <summary>The score of the last wanted hit, if so many were found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetLastHit(out int score)
    {
        if (_hits == 0)
        {
            score = int.MinValue;
            return false;
        }
        long last = _best.Address[_hits - 1];
        score = ScoreOf(last);
        return last != SortedEntries.Empty;
    }

    /// <summary>Whether so many candidates were found, and are kept.</summary>
    public bool HasFound(int count)
    {
        _found = Math.Max(_found, Math.Min(_capacity, _restCount + CountAboveInFront(SortedEntries.Empty)));
        return _found >= count;
    }

    /// <summary>Raises the bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(int upTo)
    {
        if (upTo > Bound)
        {
            Bound = upTo;
            _floor = Math.Max(_floor, Pack(upTo, uint.MaxValue >> 1) | 1);
        }
    }

    /// <summary>The best unexpanded candidate, if it is among the best that are expanded at all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPeek(out int score)
    {
        long next = _front.Address[0];
        if (next == SortedEntries.Empty)
        {
            Refill();
            next = _front.Address[0];
        }
        score = ScoreOf(next);
        return next != SortedEntries.Empty && (_expanded < _breadth || CountAbove(next) < _breadth);
    }

    /// <summary>Marks the candidate that <see cref="TryPeek"/> found as expanded and returns it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint TakeNext()
    {
        long next = _front.Address[0];
        SortedEntries.RemoveFirst(_front.Address, FrontVectors);
        _rest.Address[_restCount++] = next | 1;
        _expanded++;
        if (_restCount >= _shrinkAt)
        {
            Shrink();
        }
        return OrdinalOf(next);
    }

    /// <summary>Ends the walk: <see cref="Entries"/> then holds the best, at most the breadth, in no order.</summary>
    public void Finish()
    {
        long next = _front.Address[0];
        int before = next == SortedEntries.Empty ? int.MaxValue : CountAbove(next);
        for (int i = 0; i < FrontLength && _front.Address[i] != SortedEntries.Empty; i++)
        {
            _rest.Address[_restCount++] = _front.Address[i];
        }
        _front.Span.Fill(SortedEntries.Empty);
        Remove(Dropped());
        if (_restCount > _capacity)
        {
            Remove(FindCut(_capacity, _capacity));
        }
        EffectiveBreadth = Math.Min(before, _restCount);
    }

    /// <summary>Best first; after <see cref="Finish"/>.</summary>
    public ReadOnlySpan<long> Sort()
    {
        Span<long> entries = _rest.Span[.._restCount];
        entries.Sort();
        entries.Reverse();
        return entries;
    }

    public void Dispose()
    {
        _front.Dispose();
        _best.Dispose();
        _rest.Dispose();
    }

    private static void Grow(ref AlignedBuffer<long> buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer.Dispose();
            buffer = new AlignedBuffer<long>(length);
        }
    }

    private void Insert(long entry)
    {
        long* front = _front.Address;
        long spilled = Math.Min(entry, front[FrontLength - 1]);
        SortedEntries.Insert(front, FrontVectors, entry);
        if (spilled != SortedEntries.Empty)
        {
            _rest.Address[_restCount++] = spilled;
            _floor = Math.Max(_floor, spilled);
        }
        Track(entry);
        if (_restCount >= _shrinkAt)
        {
            Shrink();
        }
    }

    private void Track(long entry)
    {
        if (_hits > 0 && entry > _best.Address[_hits - 1])
        {
            SortedEntries.Insert(_best.Address, _bestVectors, entry);
        }
    }

    // Moves the best unexpanded entries of the rest to the empty front.
    private void Refill()
    {
        long* rest = _rest.Address;
        long* front = _front.Address;
        long floor = Dropped(), bound = floor;
        int kept = 0;
        for (int i = 0; i < _restCount; i++)
        {
            long entry = rest[i];
            if ((entry & 1) == 0 && entry > front[FrontLength - 1])
            {
                long spilled = front[FrontLength - 1];
                SortedEntries.Insert(front, FrontVectors, entry);
                entry = spilled;
            }
            rest[kept] = entry;
            kept += entry > bound ? 1 : 0;
            floor = (entry & 1) == 0 ? Math.Max(floor, entry) : floor;
        }
        _restCount = kept;
        _floor = floor;
    }

    // Entries up to here cannot matter. The wanted hits always do, though a margin of 0 puts the bound on the last of them.
    private long Dropped()
    {
        long dropped = Pack(Bound, uint.MaxValue >> 1) | 1;
        return _hits > 0 ? Math.Min(dropped, Math.Max(_best.Address[_hits - 1], SortedEntries.Empty + 1) - 1) : dropped;
    }

    // Drops what the capacity of others are better than.
    private void Shrink()
    {
        long cut = FindCut(_capacity, _capacity + _capacity / 8);
        Remove(cut);
        Drop(ScoreOf(cut) - 1);
    }

    // An entry that at least `least` others are above, and if possible not more than `most`.
    private long FindCut(int least, int most)
    {
        Pad();
        long low = SortedEntries.Empty, high = long.MaxValue;
        while ((ulong)(high - low) > 1)
        {
            long middle = low + (long)((ulong)(high - low) >> 1);
            int above = CountAboveInRest(middle) + CountAboveInFront(middle);
            if (above < least)
            {
                high = middle;
                continue;
            }
            low = middle;
            if (above <= most)
            {
                break;
            }
        }
        return low;
    }

    private void Remove(long upTo)
    {
        long* rest = _rest.Address;
        int kept = 0;
        for (int i = 0; i < _restCount; i++)
        {
            long entry = rest[i];
            rest[kept] = entry;
            kept += entry > upTo ? 1 : 0;
        }
        _restCount = kept;
    }

    private int CountAbove(long entry)
    {
        Pad();
        return CountAboveInRest(entry);
    }

    private void Pad() => Vector512.Create(SortedEntries.Empty).Store(_rest.Address + _restCount);

    private int CountAboveInRest(long entry) => CountAbove(_rest.Address, _restCount, entry);

    private int CountAboveInFront(long entry) => CountAbove(_front.Address, FrontLength, entry);

    private static int CountAbove(long* entries, int count, long entry)
    {
        Vector512<long> wanted = Vector512.Create(entry);
        int above = 0;
        for (int i = 0; i < count; i += SortedEntries.Width)
        {
            above += BitOperations.PopCount(Vector512.GreaterThan(Vector512.LoadAligned(entries + i), wanted).ExtractMostSignificantBits());
        }
        return above;
    }
}
