using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The best candidates so far, best first, with a cursor at the first one that is not expanded. An entry is one long:
/// score in the upper half, ordinal shifted by one, lowest bit "expanded"; comparing entries compares (score, ordinal),
/// a total order, so a search is deterministic. Scratch of one search.
/// </summary>
internal sealed class CandidatePool
{
    private long[] _entries = new long[64];
    private int _capacity;
    private long _peeked;
    private int _peekedAt = -1;
    private int _breadth;

    public int Count { get; private set; }

    /// <summary>Everything before it is expanded.</summary>
    public int Cursor { get; private set; }

    public bool IsFull => Count == _capacity;

    /// <summary>How many were expanded before the first that was not.</summary>
    public int ExpandedFront
    {
        get
        {
            int count = 0;
            while (count < Count && (_entries[count] & 1) != 0)
            {
                count++;
            }
            return count;
        }
    }

    public int WorstScore => ScoreAt(Count - 1);

    public int ScoreAt(int position) => (int)(_entries[position] >> 32);

    public uint OrdinalAt(int position) => (uint)_entries[position] >> 1;

    /// <param name="breadth">Only the best this many are expanded.</param>
    /// <param name="capacity">How many are kept; at least breadth.</param>
    public void Reset(int breadth, int capacity)
    {
        _breadth = breadth;
        _capacity = Math.Max(breadth, capacity);
        Count = 0;
        Cursor = 0;
        _peekedAt = -1;
        if (_entries.Length < _capacity + 16)
        {
            _entries = new long[_capacity + 16];
        }
    }

    /// <summary>The candidates, best first.</summary>
    public ReadOnlySpan<long> Entries => _entries.AsSpan(0, Count);

    /// <summary>Hands the candidates to a walk; the pool is empty then.</summary>
    /// <param name="hits">Wanted hits whose last score the walk asks for.</param>
    public void MoveTo(Frontier frontier, int hits)
    {
        frontier.Reset(_breadth, _capacity, hits);
        foreach (long entry in Entries)
        {
            frontier.Offer(Frontier.ScoreOf(entry), Frontier.OrdinalOf(entry));
        }
        Count = 0;
    }

    /// <summary>Takes back what a walk found, at most the capacity, best first.</summary>
    public void Load(ReadOnlySpan<long> entries)
    {
        entries.CopyTo(_entries);
        Count = entries.Length;
        Cursor = Count;
        _peekedAt = -1;
    }

    /// <summary>Moves the cursor to the best unexpanded candidate within the breadth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFindNext()
    {
        int limit = Math.Min(Count, _breadth), cursor = Cursor;
        long[] entries = _entries;
        while ((uint)cursor < (uint)entries.Length && cursor < limit && (entries[cursor] & 1) != 0)
        {
            cursor++;
        }
        Cursor = cursor;
        return cursor < limit;
    }

    /// <summary>Marks the candidate under the cursor as expanded and returns it; the cursor moves on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint TakeNext()
    {
        int at = Cursor++;
        long entry = at == _peekedAt ? _peeked : _entries[at];
        _entries[at] = entry | 1;
        return (uint)entry >> 1;
    }

    /// <summary>
    /// Reads the next candidate ahead of need. It was often just moved by a vector store, from which a narrow load cannot
    /// be forwarded; asking early hides that wait (12 % of the samples of a 1-bit walk stood there, 2026-11-21).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Peek()
    {
        if (TryFindNext())
        {
            _peekedAt = Cursor;
            _peeked = _entries[Cursor];
        }
    }

    /// <summary>Inserts a candidate that belongs among the kept and returns its position. The worst falls out when full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Offer(int score, uint ordinal)
    {
        long entry = ((long)score << 32) | ((long)ordinal << 1);
        int at = Count;
        if (at < _capacity)
        {
            Count = at + 1;
        }
        else
        {
            at = _capacity - 1;
        }
        at = Vector512.IsHardwareAccelerated ? Shift512(entry, at) : ShiftScalar(entry, at);
        if (at <= Cursor)
        {
            Cursor = at;
            _peekedAt = at;
            _peeked = entry;
        }
        return at;
    }

    /// <summary>Drops the worst. The pool is not empty.</summary>
    public void DropLast() => Count--;

    /// <summary>Keeps accepted candidates only, in order. The walk has ended.</summary>
    public void Keep(AcceptBits accept)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            _entries[kept] = _entries[i];
            kept += accept.Contains(OrdinalAt(i)) ? 1 : 0;
        }
        Count = kept;
    }

    /// <summary>Keeps candidates below an ordinal only, in order. The walk has ended.</summary>
    public void KeepBelow(uint end)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            _entries[kept] = _entries[i];
            kept += OrdinalAt(i) < end ? 1 : 0;
        }
        Count = kept;
    }

    // Search and shift in one backward pass, eight entries a step: candidates mostly land near the end.
    private int Shift512(long entry, int at)
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
            return at;
        }
        return ShiftScalar(entry, at);
    }

    private int ShiftScalar(long entry, int at)
    {
        long[] entries = _entries;
        while (at > 0 && entries[at - 1] < entry)
        {
            entries[at] = entries[at - 1];
            at--;
        }
        entries[at] = entry;
        return at;
    }
}
