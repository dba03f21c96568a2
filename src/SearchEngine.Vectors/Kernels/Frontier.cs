using System.Runtime.CompilerServices;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// What a walk has found: the best unexpanded candidates in order (the front), the other unexpanded ones in no order (the
/// rest), and the expanded ones. Keeping all of it sorted cost a fifth of a search and more (2026-11-26); a walk needs the order
/// of the few that it expands next only. An entry is one long: score in the upper half, ordinal shifted by one; comparing
/// entries compares (score, ordinal), a total order, so a walk is deterministic. Scratch of one search.
/// </summary>
internal sealed unsafe class Frontier : IDisposable
{
    /// <summary>Vectors of the front: 64 entries. Fewer are refilled from the rest more often.</summary>
    private const int FrontVectors = 8;
    private const int FrontLength = FrontVectors * SortedEntries.Width;

    /// <summary>Room for what comes between two looks at the lengths: rows in flight, the front, a vector.</summary>
    private const int Slack = 512;

    private readonly AlignedBuffer<long> _front = new(FrontLength);
    private readonly AlignedBuffer<long> _chosen = new(FrontLength + 1);
    private AlignedBuffer<long> _best = new(SortedEntries.Width);
    private readonly LooseEntries _rest = new();
    private readonly LooseEntries _expanded = new();
    private int _hops;
    private int _found;
    private int _shrinkAt;
    private int _breadth;
    private int _capacity;
    private int _hits;
    private int _bestVectors;

    /// <summary>No entry of the rest is above it, and nothing that the bound drops.</summary>
    private long _floor;

    /// <summary>Scores up to here cannot matter any more.</summary>
    public int Bound { get; private set; }

    /// <summary>How many were expanded before the first that was not; valid after <see cref="Finish"/>.</summary>
    public int EffectiveBreadth { get; private set; }

    /// <summary>What was found, in no order; valid after <see cref="Finish"/>.</summary>
    public ReadOnlySpan<long> Entries => _expanded.Span;

    public static long Pack(int score, uint ordinal) => ((long)score << 32) | ((long)ordinal << 1);

    public static int ScoreOf(long entry) => (int)(entry >> 32);

    public static uint OrdinalOf(long entry) => (uint)entry >> 1;

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
        _hops = _found = 0;
        _floor = SortedEntries.Empty;
        Bound = int.MinValue;
        _rest.Reset(_shrinkAt + Slack);
        _expanded.Reset(_shrinkAt + Slack);
        if (_best.Length < _bestVectors * SortedEntries.Width)
        {
            _best.Dispose();
            _best = new AlignedBuffer<long>(_bestVectors * SortedEntries.Width);
        }
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
            _rest.AddIf(score > Bound, entry);
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
        int now = _rest.Count + _expanded.Count + CountFront(SortedEntries.Empty);
        _found = Math.Max(_found, Math.Min(_capacity, now));
        return _found >= count;
    }

    /// <summary>Raises the bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(int upTo)
    {
        if (upTo > Bound)
        {
            Bound = upTo;
            _floor = Math.Max(_floor, Pack(upTo, uint.MaxValue >> 1));
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
        // Whatever is above the best unexpanded one was expanded.
        return next != SortedEntries.Empty && (_hops < _breadth || _expanded.CountAbove(next) < _breadth);
    }

    /// <summary>Marks the candidate that <see cref="TryPeek"/> found as expanded and returns it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint TakeNext()
    {
        long next = _front.Address[0];
        SortedEntries.RemoveFirst(_front.Address, FrontVectors);
        _expanded.Add(next);
        _hops++;
        if (_rest.Count + _expanded.Count >= _shrinkAt)
        {
            Shrink();
        }
        return OrdinalOf(next);
    }

    /// <summary>Ends the walk: <see cref="Entries"/> then holds the best, at most the capacity.</summary>
    public void Finish()
    {
        long next = _front.Address[0];
        int before = next == SortedEntries.Empty ? int.MaxValue : _expanded.CountAbove(next);
        _expanded.Add(_front.Span[..CountFront(SortedEntries.Empty)]);
        _expanded.Add(_rest.Span);
        _rest.Reset(0);
        _front.Span.Fill(SortedEntries.Empty);
        _expanded.Keep(Dropped());
        if (_expanded.Count > _capacity)
        {
            _expanded.Keep(FindCut(_capacity, _capacity));
        }
        EffectiveBreadth = Math.Min(before, _expanded.Count);
    }

    /// <summary>Best first; after <see cref="Finish"/>.</summary>
    public ReadOnlySpan<long> Sort() => _expanded.Sort();

    public void Dispose()
    {
        _front.Dispose();
        _chosen.Dispose();
        _best.Dispose();
        _rest.Dispose();
        _expanded.Dispose();
    }

    private void Insert(long entry)
    {
        long* front = _front.Address;
        long spilled = Math.Min(entry, front[FrontLength - 1]);
        SortedEntries.Insert(front, FrontVectors, entry);
        if (spilled != SortedEntries.Empty)
        {
            _rest.Add(spilled);
            _floor = Math.Max(_floor, spilled);
        }
        Track(entry);
        if (_rest.Count + _expanded.Count >= _shrinkAt)
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

    // Moves the best of the rest to the empty front; half of it is enough, so that the cut is found fast.
    private void Refill()
    {
        long bound = Dropped(), cut = FindFrontCut(bound);
        long* chosen = _chosen.Address;
        int count = _rest.Take(cut, bound, chosen);
        for (int i = 0; i < count; i++)
        {
            SortedEntries.Insert(_front.Address, FrontVectors, chosen[i]);
        }
        _floor = cut;
    }

    private long FindFrontCut(long bound)
    {
        if (_rest.CountAbove(bound) <= FrontLength)
        {
            return bound;
        }
        long low = bound, high = _floor, middle;
        int above;
        do
        {
            middle = low + (long)((ulong)(high - low) >> 1);
            above = _rest.CountAbove(middle);
            (low, high) = above > FrontLength ? (middle, high) : (low, middle);
        }
        while (above is > FrontLength or < FrontLength / 2);
        return middle;
    }

    // Entries up to here cannot matter. The wanted hits always do, though a margin of 0 puts the bound on the last of them.
    private long Dropped()
    {
        long dropped = Pack(Bound, uint.MaxValue >> 1);
        return _hits > 0 ? Math.Min(dropped, Math.Max(_best.Address[_hits - 1], SortedEntries.Empty + 1) - 1) : dropped;
    }

    private void Shrink()
    {
        long cut = FindCut(_capacity, _capacity + _capacity / 8);
        _rest.Keep(cut);
        _expanded.Keep(cut);
        Drop(ScoreOf(cut) - 1);
    }

    // An entry that at least `least` others are above, and if possible not more than `most`.
    private long FindCut(int least, int most)
    {
        long low = SortedEntries.Empty, high = long.MaxValue;
        while ((ulong)(high - low) > 1)
        {
            long middle = low + (long)((ulong)(high - low) >> 1);
            int above = _rest.CountAbove(middle) + _expanded.CountAbove(middle) + CountFront(middle);
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

    private int CountFront(long above) => SortedEntries.CountAbove(_front.Address, FrontLength, above);
}
