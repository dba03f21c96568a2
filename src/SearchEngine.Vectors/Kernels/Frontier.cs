using System.Runtime.CompilerServices;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// What a walk has found: the best unexpanded candidates in order (the front), the other unexpanded ones in no order (the
/// rest), and the expanded ones. Keeping all of it sorted cost a fifth of a search and more (2026-11-26); a walk needs the order
/// of the few that it expands next only. Scratch of one search.
/// </summary>
internal sealed unsafe class Frontier : IDisposable
{
    /// <summary>Vectors of the front: 64 entries. Fewer are refilled from the rest more often.</summary>
    private const int FrontVectors = 8;
    private const int FrontLength = FrontVectors * SortedEntries.Width;

    /// <summary>
    /// Room for what comes between two looks at the lengths, which is most where a walk looks behind bridges: 64 of a row and 12 that
    /// waited, each with 64 rows, then the front and a vector.
    /// </summary>
    private const int Slack = 8_192;

    private readonly AlignedBuffer<long> _front = new(FrontLength);
    private readonly AlignedBuffer<long> _chosen = new(FrontLength + SortedEntries.Width);
    private readonly LooseEntries _rest = new();
    private readonly LooseEntries _expanded = new();
    private LastHit _lastHit = new();
    private int _shrinkAt;
    private int _breadth;
    private int _capacity;

    private long _taken;

    /// <summary>No entry of the rest is above it, and nothing that the bound drops.</summary>
    private long _floor;

    /// <summary>Scores up to here cannot matter any more.</summary>
    public int Bound { get; private set; }

    /// <summary>How many were expanded.</summary>
    public int Hops { get; private set; }

    /// <summary>How many were expanded before the first that was not; valid after <see cref="Finish"/>.</summary>
    public int EffectiveBreadth { get; private set; }

    /// <summary>What was found and expanded, in no order; after <see cref="Finish"/> all that is kept.</summary>
    public ReadOnlySpan<long> Entries => _expanded.Span;

    /// <summary>The next to be expanded, best first.</summary>
    public ReadOnlySpan<long> Front => _front.Span[..CountFront(SortedEntries.Empty)];

    /// <summary>Other unexpanded ones, in no order.</summary>
    public ReadOnlySpan<long> Rest => _rest.Span;

    /// <param name="breadth">Only the best this many are expanded.</param>
    /// <param name="capacity">How many are kept; at least breadth.</param>
    /// <param name="hits">The last of this many best hits has its score tracked; not where 0 or more than are kept.</param>
    public void Reset(int breadth, int capacity, int hits)
    {
        _breadth = breadth;
        _capacity = capacity;
        _lastHit.Reset(hits > capacity ? 0 : hits);
        _shrinkAt = 2 * capacity + FrontLength;
        Hops = 0;
        _floor = SortedEntries.Empty;
        Bound = int.MinValue;
        _rest.Reset(_shrinkAt + Slack);
        _expanded.Reset(_shrinkAt + Slack);
        _front.Span.Fill(SortedEntries.Empty);
    }

    /// <summary>Takes in a scored row, a hit. Returns whether it is among the next to be expanded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Offer(int score, uint ordinal)
    {
        long entry = Entry.PackHit(score, ordinal);
        if (entry <= _floor)
        {
            if (_lastHit.Wanted > FrontLength)
            {
                // As many entries as the front holds are above the floor; only a later hit can be below it.
                _lastHit.Take(entry);
            }
            _rest.AddIf(score > Bound, entry);
            return false;
        }
        Insert(entry);
        _lastHit.Take(entry);
        return true;
    }

    /// <summary>Takes in a scored row that may be no hit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Offer(int score, uint ordinal, bool isHit)
    {
        long entry = Entry.Pack(score, ordinal) | (isHit ? 1L : 0L);
        _lastHit.Take(entry);
        if (entry <= _floor)
        {
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
        bool isKnown = _lastHit.TryGet(out long entry);
        score = Entry.ScoreOf(entry);
        return isKnown;
    }

    /// <summary>Whether the candidate that was taken last lies behind the last wanted hit, of which so many were found.</summary>
    public bool IsTakenBehindLastHit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _lastHit.TryGet(out long last) && _taken < last;
    }

    /// <summary>Expanded candidates, and the next to be, above the last wanted hit.</summary>
    public int CountBeforeLastHit() => _lastHit.TryGet(out long last) ? _expanded.CountAbove(last) + CountFront(last) : 0;

    /// <summary>Candidates above the one that <see cref="TryPeek"/> found. All of them were expanded.</summary>
    /// <param name="hits">How many of them are hits.</param>
    public int CountBeforeNext(out int hits) => _expanded.CountAbove(_front.Address[0], out hits);

    /// <summary>Raises the bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(int upTo)
    {
        if (upTo > Bound)
        {
            Bound = upTo;
            _floor = Math.Max(_floor, Entry.Last(upTo));
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
        score = Entry.ScoreOf(next);
        // Whatever is above the best unexpanded one was expanded.
        return next != SortedEntries.Empty && (Hops < _breadth || _expanded.CountAbove(next) < _breadth);
    }

    /// <summary>Marks the candidate that <see cref="TryPeek"/> found as expanded and returns it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint TakeNext()
    {
        long next = _front.Address[0];
        SortedEntries.RemoveFirst(_front.Address, FrontVectors);
        _expanded.Add(next);
        _taken = next;
        Hops++;
        if (_rest.Count + _expanded.Count >= _shrinkAt)
        {
            Shrink();
        }
        return Entry.OrdinalOf(next);
    }

    /// <summary>Ends the walk: <see cref="Entries"/> then holds the best, at most the capacity.</summary>
    public void Finish()
    {
        int before = Gather();
        Cut(_capacity);
        EffectiveBreadth = Math.Min(before, _expanded.Count);
    }

    /// <summary>Ends the walk: <see cref="Entries"/> then holds the best hits.</summary>
    /// <param name="most">How many are kept; not more than the capacity.</param>
    public void FinishHits(int most)
    {
        EffectiveBreadth = Math.Min(Gather(), Math.Min(_expanded.Count, _capacity));
        _expanded.KeepHits();
        Cut(Math.Min(most, _capacity));
    }

    /// <summary>Forgets ordinals from <paramref name="end"/> on; after <see cref="Finish"/>.</summary>
    public void KeepBelow(uint end) => _expanded.KeepBelow(end);

    /// <summary>Best first; after <see cref="Finish"/>.</summary>
    public ReadOnlySpan<long> Sort() => _expanded.Sort();

    public void Dispose()
    {
        _front.Dispose();
        _chosen.Dispose();
        _lastHit.Dispose();
        _rest.Dispose();
        _expanded.Dispose();
    }

    // All that matters goes to the expanded. Returns how many were expanded before the first that was not.
    private int Gather()
    {
        long next = _front.Address[0];
        int before = next == SortedEntries.Empty ? int.MaxValue : _expanded.CountAbove(next);
        _expanded.Add(Front);
        _expanded.Add(_rest.Span);
        _rest.Reset(0);
        _front.Span.Fill(SortedEntries.Empty);
        _expanded.Keep(Dropped());
        return before;
    }

    private void Cut(int most)
    {
        if (_expanded.Count > most)
        {
            _expanded.Keep(FindCut(most, most));
        }
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
        if (_rest.Count + _expanded.Count >= _shrinkAt)
        {
            Shrink();
        }
    }

    // Moves the best of the rest to the empty front; half of it is enough, so that the cut is found fast.
    private void Refill()
    {
        long bound = Dropped(), cut = _rest.FindCut(bound, _floor, FrontLength);
        long* chosen = _chosen.Address;
        int count = _rest.Take(cut, bound, chosen);
        for (int i = 0; i < count; i++)
        {
            SortedEntries.Insert(_front.Address, FrontVectors, chosen[i]);
        }
        _floor = cut;
    }

    // Entries up to here cannot matter. The wanted hits always do, though a margin of 0 puts the bound on the last of them.
    private long Dropped()
    {
        long dropped = Entry.Last(Bound);
        bool isKnown = _lastHit.TryGet(out long last);
        return isKnown ? Math.Min(dropped, last - 1) : _lastHit.Wanted > 0 ? SortedEntries.Empty : dropped;
    }

    private void Shrink()
    {
        long cut = FindCut(_capacity, _capacity + _capacity / 8);
        _rest.Keep(cut);
        _expanded.Keep(cut);
        Drop(Entry.ScoreOf(cut) - 1);
    }

    // An entry that at least `least` others are above, and if possible not more than `most`.
    private long FindCut(int least, int most)
    {
        long low = SortedEntries.Empty, high = long.MaxValue;
        while ((ulong)(high - low) > 1)
        {
            long middle = low + (long)((ulong)(high - low) >> 1);
            int above = CountAbove(middle);
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

    private int CountAbove(long entry) => _rest.CountAbove(entry) + _expanded.CountAbove(entry) + CountFront(entry);

    private int CountFront(long above) => SortedEntries.CountAbove(_front.Address, FrontLength, above);
}
