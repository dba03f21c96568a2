using System.Runtime.CompilerServices;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// Rows that wait to be scored while their lines are on the way. Filled by expansions at the tail, scored four at a time
/// at the head. Holds at most the rows in flight plus one link row. Scratch of one search.
/// </summary>
internal sealed unsafe class FlowQueue : IDisposable
{
    private const int Size = 1024;

    /// <summary>The longest link row.</summary>
    private const int MaxRow = 64;

    /// <summary>Room behind the end for whole vectors and short groups.</summary>
    private const int Slack = 16;

    private readonly AlignedBuffer<uint> _ordinals = new(Size);
    private readonly AlignedBuffer<int> _scores = new(4);
    private int _head;
    private int _tail;

    public int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _tail - _head;
    }

    /// <summary>Where scorers put the scores of the group that was taken last.</summary>
    public ScoreGroup Scores => new(_scores.Address);

    public void Clear() => _head = _tail = 0;

    /// <summary>Appends the unvisited links of a row and marks them as visited.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AppendUnvisited(in LinkTable links, uint ordinal, VisitedSet visited)
    {
        Reserve();
        _tail += visited.Take(links.RowAddress(ordinal), links.Width, _ordinals.Address + _tail);
    }

    /// <summary>Appends unvisited rows and marks them. Returns how many there were.</summary>
    /// <param name="ordinals">At most 256.</param>
    /// <param name="visited">Of the search.</param>
    public int AppendUnvisited(ReadOnlySpan<uint> ordinals, VisitedSet visited)
    {
        if (_tail + ordinals.Length + Slack > Size)
        {
            Compact(ordinals.Length);
        }
        fixed (uint* rows = ordinals)
        {
            int added = visited.Take(rows, ordinals.Length, _ordinals.Address + _tail);
            _tail += added;
            return added;
        }
    }

    /// <summary>Appends the accepted links of a row, visited or not.</summary>
    public void AppendAccepted(in LinkTable links, uint ordinal, AcceptBits accept)
    {
        Reserve();
        _tail += accept.Select(links.RowAddress(ordinal), links.Width, (uint)links.Count, _ordinals.Address + _tail);
    }

    /// <summary>Appends the accepted links of a row, visited or not, and the other ones to another queue.</summary>
    public void AppendAccepted(in LinkTable links, uint ordinal, AcceptBits accept, FlowQueue others)
    {
        Reserve();
        others.Reserve();
        _tail += accept.Split(
            links.RowAddress(ordinal), links.Width, (uint)links.Count, _ordinals.Address + _tail, others._ordinals.Address + others._tail, out int rejected);
        others._tail += rejected;
    }

    /// <summary>Takes the visited rows out of those from <paramref name="position"/> on, and marks the others.</summary>
    public void DropVisited(int position, VisitedSet visited)
    {
        uint* first = _ordinals.Address + _head + position;
        _tail = _head + position + visited.Take(first, _tail - _head - position, first);
    }

    /// <summary>Forgets the last rows until <paramref name="count"/> are left.</summary>
    public void Cut(int count) => _tail = Math.Min(_tail, _head + count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(uint ordinal)
    {
        Reserve();
        _ordinals.Address[_tail++] = ordinal;
    }

    /// <summary>The waiting row at <paramref name="position"/> from the head.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint At(int position) => _ordinals.Address[_head + position];

    /// <summary>The first row. The queue is not empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint TakeOne() => _ordinals.Address[_head++];

    /// <summary>The first four rows; a short group is filled by repeating its last. The queue is not empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowGroup TakeFour(out int taken)
    {
        uint* four = _ordinals.Address + _head;
        taken = _tail - _head;
        if (taken >= 4)
        {
            taken = 4;
        }
        else
        {
            for (int i = taken; i < 4; i++)
            {
                four[i] = four[taken - 1];
            }
        }
        _head += taken;
        return new RowGroup(four);
    }

    public void Dispose()
    {
        _ordinals.Dispose();
        _scores.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve()
    {
        if (_tail + MaxRow + Slack > Size)
        {
            Compact();
        }
    }

    private void Compact(int room = MaxRow)
    {
        _ordinals.Span[_head.._tail].CopyTo(_ordinals.Span);
        _tail -= _head;
        _head = 0;
        if (_tail + room + Slack > Size)
        {
            throw new InvalidOperationException($"{_tail} rows wait to be scored; the walk expands only while fewer are in flight.");
        }
    }
}
