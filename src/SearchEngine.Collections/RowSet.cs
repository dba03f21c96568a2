using System.Buffers;
using System.Numerics;

namespace SearchEngine.Collections;

/// <summary>
/// A set of rows of one segment, a bit each. The words are pooled: dispose it. Not safe for writers beside readers.
/// </summary>
public sealed class RowSet : IDisposable
{
    private ulong[] _words;

    private RowSet(int rows, ulong[] words)
    {
        Rows = rows;
        _words = words;
    }

    /// <summary>Rows of the segment, in the set or not.</summary>
    public int Rows { get; }

    /// <summary>Bit i of word w stands for row 64 * w + i; bits from <see cref="Rows"/> on are 0.</summary>
    public ReadOnlySpan<ulong> Words => _words.AsSpan(0, WordsFor(Rows));

    /// <summary>The words to write to; whoever does keeps the bits from <see cref="Rows"/> on at 0.</summary>
    internal Span<ulong> Bits => _words.AsSpan(0, WordsFor(Rows));

    public static int WordsFor(int rows) => (rows + 63) / 64;

    public static RowSet None(int rows)
    {
        var set = new RowSet(rows, ArrayPool<ulong>.Shared.Rent(Math.Max(1, WordsFor(rows))));
        set.Bits.Clear();
        return set;
    }

    public static RowSet All(int rows)
    {
        var set = new RowSet(rows, ArrayPool<ulong>.Shared.Rent(Math.Max(1, WordsFor(rows))));
        set.Bits.Fill(ulong.MaxValue);
        set.ClearTail();
        return set;
    }

    public static RowSet Of(int rows, ReadOnlySpan<ulong> words)
    {
        RowSet set = None(rows);
        words.CopyTo(set.Bits);
        set.ClearTail();
        return set;
    }

    public RowSet Copy() => Of(Rows, Words);

    public bool Contains(uint row) => row < (uint)Rows && (_words[row >> 6] >> (int)(row & 63) & 1) != 0;

    /// <summary>Rows in the set.</summary>
    public int Count()
    {
        long count = 0;
        foreach (ulong word in Words)
        {
            count += BitOperations.PopCount(word);
        }
        return (int)count;
    }

    public void Add(uint row) => _words[row >> 6] |= 1UL << (int)(row & 63);

    public void Remove(uint row) => _words[row >> 6] &= ~(1UL << (int)(row & 63));

    /// <summary>Keeps the rows that are in both.</summary>
    public void And(ReadOnlySpan<ulong> other)
    {
        Span<ulong> bits = Bits;
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] &= other[i];
        }
    }

    /// <summary>Adds the rows of the other.</summary>
    public void Or(ReadOnlySpan<ulong> other)
    {
        Span<ulong> bits = Bits;
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] |= other[i];
        }
    }

    /// <summary>Removes the rows of the other.</summary>
    public void AndNot(ReadOnlySpan<ulong> other)
    {
        Span<ulong> bits = Bits;
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] &= ~other[i];
        }
    }

    /// <summary>Replaces the set by the rows that are not in it.</summary>
    public void Invert()
    {
        foreach (ref ulong word in Bits)
        {
            word = ~word;
        }
        ClearTail();
    }

    public void Dispose()
    {
        ulong[] words = Interlocked.Exchange(ref _words, []);
        if (words.Length > 0)
        {
            ArrayPool<ulong>.Shared.Return(words);
        }
    }

    private void ClearTail()
    {
        if (Rows % 64 != 0)
        {
            _words[Rows >> 6] &= (1UL << (Rows % 64)) - 1;
        }
    }
}
