using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SearchEngine.Collections.Attributes;

/// <summary>Compares a run of numbers with a range, a bit each: the one vectorised loop of filters.</summary>
internal static class RangeMask
{
    private const int BitsPerWord = 64;

    /// <summary>Sets bit i of the words where values[i] - low is at most span, in unsigned arithmetic that wraps.</summary>
    /// <param name="words">At least a bit for each value.</param>
    public static void Or<T>(ReadOnlySpan<T> values, T low, T span, Span<ulong> words)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        int whole = values.Length / BitsPerWord;
        ReadOnlySpan<Vector512<T>> vectors = MemoryMarshal.Cast<T, Vector512<T>>(values[..(whole * BitsPerWord)]);
        Vector512<T> lows = Vector512.Create(low);
        Vector512<T> spans = Vector512.Create(span);
        int next = 0;
        for (int w = 0; w < whole; w++)
        {
            ulong word = 0;
            for (int shift = 0; shift < BitsPerWord; shift += Vector512<T>.Count)
            {
                word |= Vector512.LessThanOrEqual(vectors[next++] - lows, spans).ExtractMostSignificantBits() << shift;
            }
            words[w] |= word;
        }
        for (int i = whole * BitsPerWord; i < values.Length; i++)
        {
            if (unchecked(values[i] - low) <= span)
            {
                words[i / BitsPerWord] |= 1UL << (i % BitsPerWord);
            }
        }
    }
}
