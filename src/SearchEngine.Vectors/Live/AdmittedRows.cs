using System.Numerics;
using System.Runtime.Intrinsics;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// The linked rows that one search may return, as they were when it began: accepted, if there is a filter, and not dead. Bits
/// cover the whole capacity, since links may name rows that were appended a moment ago. Scratch of one searcher.
/// </summary>
internal sealed class AdmittedRows(int capacity)
{
    private readonly ulong[] _words = new ulong[(capacity + 63) / 64];
    private int _used;

    /// <summary>For walks.</summary>
    public AcceptBits Bits => new(_words);

    /// <summary>For scans: nothing is admitted behind them.</summary>
    public AcceptBits UsedBits => new(_words.AsSpan(0, _used));

    /// <summary>Admits every live row below <paramref name="linked"/> and returns how many there are.</summary>
    public int AdmitLive(Tombstones dead, int linked)
    {
        Resize((linked + 63) / 64);
        _words.AsSpan(0, _used).Fill(ulong.MaxValue);
        return Restrict(dead, linked);
    }

    /// <summary>Admits the accepted live rows below <paramref name="linked"/> and returns how many there are.</summary>
    public int AdmitAccepted(AcceptSet accept, Tombstones dead, int linked)
    {
        Resize(Math.Min(accept.Words.Length, (linked + 63) / 64));
        accept.Words[.._used].CopyTo(_words);
        return Restrict(dead, linked);
    }

    private void Resize(int words)
    {
        if (words < _used)
        {
            _words.AsSpan(words, _used - words).Clear();
        }
        _used = words;
    }

    private int Restrict(Tombstones dead, int linked)
    {
        if (_used * 64 > linked)
        {
            _words[_used - 1] &= ulong.MaxValue >> (64 - linked % 64);
        }
        Span<ulong> words = _words.AsSpan(0, _used);
        if (dead.Count > 0)
        {
            Remove(words, dead.Words[.._used]);
        }
        long count = 0;
        foreach (ulong word in words)
        {
            count += BitOperations.PopCount(word);
        }
        return (int)count;
    }

    private static void Remove(Span<ulong> words, ReadOnlySpan<ulong> dead)
    {
        int w = 0;
        for (; w + Vector256<ulong>.Count <= words.Length; w += Vector256<ulong>.Count)
        {
            Vector256.AndNot(Vector256.Create(words[w..]), Vector256.Create(dead[w..])).CopyTo(words[w..]);
        }
        for (; w < words.Length; w++)
        {
            words[w] &= ~dead[w];
        }
    }
}
