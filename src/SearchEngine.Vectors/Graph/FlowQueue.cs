using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// Rows that wait to be scored while their lines are on the way. Filled by expansions at the tail, scored four at a time
/// at the head. Holds at most the rows in flight plus one link row. Scratch of one search.
/// </summary>
internal sealed class FlowQueue : IDisposable
{
    private const int Size = 512;

    private readonly AlignedBuffer<uint> _ordinals = new(Size);
    private int _head;
    private int _tail;
    private int _requested;

    public int Count => _tail - _head;

    public void Clear() => _head = _tail = _requested = 0;

    /// <summary>Room for a link row of <paramref name="width"/>; say with Append how much of it was used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<uint> Tail(int width)
    {
        if (_tail + width + 4 > Size)
        {
            Compact();
        }
        return _ordinals.Span.Slice(_tail, width);
    }

    public void Append(int count) => _tail += count;

    public void Append(uint ordinal)
    {
        Tail(1)[0] = ordinal;
        _tail++;
    }

    /// <summary>Prefetches what is among the next <paramref name="ahead"/> rows and not yet asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Request<TScorer>(in TScorer scorer, int ahead)
        where TScorer : struct, IRowScorer
    {
        int end = Math.Min(_tail, _head + ahead);
        Span<uint> ordinals = _ordinals.Span;
        for (int i = _requested; i < end; i++)
        {
            scorer.Prefetch(ordinals[i]);
        }
        _requested = Math.Max(_requested, end);
    }

    /// <summary>As <see cref="Request"/>, for estimates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void RequestEstimates<TEstimator>(in TEstimator estimator, int ahead)
        where TEstimator : struct, IRowEstimator
    {
        int end = Math.Min(_tail, _head + ahead);
        Span<uint> ordinals = _ordinals.Span;
        for (int i = _requested; i < end; i++)
        {
            estimator.Prefetch(ordinals[i]);
        }
        _requested = Math.Max(_requested, end);
    }

    /// <summary>The first four rows; a short group is filled by repeating its last. The queue is not empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<uint> TakeFour(out int taken)
    {
        Span<uint> ordinals = _ordinals.Span;
        int head = _head;
        taken = Math.Min(4, _tail - head);
        for (int i = taken; i < 4; i++)
        {
            ordinals[head + i] = ordinals[head + taken - 1];
        }
        _head = head + taken;
        _requested = Math.Max(_requested, _head);
        return ordinals.Slice(head, 4);
    }

    public void Dispose() => _ordinals.Dispose();

    private void Compact()
    {
        _ordinals.Span[_head.._tail].CopyTo(_ordinals.Span);
        _tail -= _head;
        _requested -= _head;
        _head = 0;
    }
}
