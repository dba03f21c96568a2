using System.Numerics;
using System.Runtime.Intrinsics;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// The rows of a range that one search may return, as they were when it began: accepted, if there is a filter, and not dead. Bits
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

    /// <summary>Admits every live row below a bound and returns how many there are.</summary>
    public int AdmitLive(Tombstones dead, int below) => AdmitLive(dead, 0, below);

    /// <summary>Admits every live row of a range and returns how many there are.</summary>
    public int AdmitLive(Tombstones dead, int from, int below)
    {
        Resize((below + 63) / 64);
        _words.AsSpan(0, _used).Fill(ulong.MaxValue);
        return Restrict(dead, from, below);
    }

    /// <summary>Admits the accepted live rows of a range and returns how many there are.</summary>
    public int AdmitAccepted(AcceptSet accept, Tombstones dead, int from, int below)
    {
        Resize(Math.Min(accept.Words.Length, (below + 63) / 64));
        accept.Words[.._used].CopyTo(_words);
        return Restrict(dead, from, below);
    }

    private void Resize(int words)
    {
        if (words < _used)
        {
            _words.AsSpan(words, _used - words).Clear();
        }
        _used = words;
    }

    private int Restrict(Tombstones dead, int from, int below)
    {
        if (_used * 64 > below)
        {
            _words[_used - 1] &= ulong.MaxValue >> (64 - below % 64);
        }
        int first = Math.Min(from / 64, _used);
        _words.AsSpan(0, first).Clear();
        if (first < _used)
        {
            _words[first] &= ulong.MaxValue << (from % 64);
        }
        Span<ulong> words = _words.AsSpan(first, _used - first);
        if (dead.Count > 0)
        {
            Remove(words, dead.Words[first.._used]);
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
