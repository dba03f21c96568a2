using System.Numerics;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors;

/// <summary>
/// The rows that a filter accepts: one bit per ordinal and how many there are. A view; the words belong to the caller
/// and do not change during a search.
/// </summary>
public readonly ref struct AcceptSet
{
    private AcceptSet(ReadOnlySpan<ulong> words, int count)
    {
        Words = words;
        Count = count;
    }

    public ReadOnlySpan<ulong> Words { get; }

    public int Count { get; }

    internal AcceptBits Bits => new(Words);

    /// <summary>As <see cref="From(ReadOnlySpan{ulong}, int)"/> without counting again.</summary>
    /// <param name="words">As there.</param>
    /// <param name="rows">As there.</param>
    /// <param name="count">How many bits are set. The plan and the promise of enough hits rest on it.</param>
    public static AcceptSet From(ReadOnlySpan<ulong> words, int rows, int count)
    {
        CheckLength(words, rows);
        if ((uint)count > (uint)rows)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"{rows} rows cannot have so many accepted.");
        }
        return new AcceptSet(words, count);
    }

    /// <param name="words">Bit i of word w stands for ordinal 64 * w + i.</param>
    /// <param name="rows">Rows of the segment; bits from there on must be 0.</param>
    public static AcceptSet From(ReadOnlySpan<ulong> words, int rows)
    {
        CheckLength(words, rows);
        long count = 0;
        foreach (ulong word in words)
        {
            count += BitOperations.PopCount(word);
        }
        return new AcceptSet(words, (int)count);
    }

    private static void CheckLength(ReadOnlySpan<ulong> words, int rows)
    {
        int needed = (rows + 63) / 64;
        if (words.Length != needed)
        {
            throw new ArgumentException($"{rows} rows need {needed} words of accept bits, not {words.Length}.", nameof(words));
        }
        if (rows % 64 != 0 && words[^1] >> (rows % 64) != 0)
        {
            throw new ArgumentException("Accept bits behind the last row are set; they would be read as rows.", nameof(words));
        }
    }
}
