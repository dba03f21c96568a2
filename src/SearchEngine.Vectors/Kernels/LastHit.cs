using System.Runtime.CompilerServices;

namespace SearchEngine.Vectors.Kernels;

/// <summary>The best entries up to the last wanted hit, in order. Part of a <see cref="Frontier"/>; never copied.</summary>
internal unsafe struct LastHit : IDisposable
{
    private AlignedBuffer<long> _best;
    private int _vectors;

    public LastHit() => _best = new(SortedEntries.Width);

    /// <summary>How many hits are wanted.</summary>
    public int Wanted { get; private set; }

    public void Reset(int wanted)
    {
        Wanted = wanted;
        _vectors = (wanted + SortedEntries.Width - 1) / SortedEntries.Width;
        if (_best.Length < _vectors * SortedEntries.Width)
        {
            _best.Dispose();
            _best = new AlignedBuffer<long>(_vectors * SortedEntries.Width);
        }
        _best.Span[..(_vectors * SortedEntries.Width)].Fill(SortedEntries.Empty);
    }

    /// <summary>Takes an entry in; one that is no hit counts for nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Take(long entry)
    {
        // Whether it is a hit is asked last: under a filter that is a coin toss, whether it is good enough hardly ever.
        if (Wanted > 0 && entry > _best.Address[Wanted - 1] && Entry.IsHit(entry))
        {
            SortedEntries.Insert(_best.Address, _vectors, entry);
        }
    }

    /// <summary>The last wanted hit, if so many were found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGet(out long entry)
    {
        entry = Wanted > 0 ? _best.Address[Wanted - 1] : SortedEntries.Empty;
        return entry != SortedEntries.Empty;
    }

    public readonly void Dispose() => _best.Dispose();
}
