using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SearchEngine.Vectors.Kernels;

/// <summary>One bit per ordinal that says whether a filter accepts the row; tested singly or for a whole link row.</summary>
internal readonly unsafe ref struct AcceptBits
{
    private readonly ReadOnlySpan<ulong> _words;

    public AcceptBits(ReadOnlySpan<ulong> words) => _words = words;

    public bool IsEmpty => _words.IsEmpty;

    public ReadOnlySpan<ulong> Words => _words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(uint ordinal) => ((_words[(int)(ordinal >> 6)] >> (int)(ordinal & 63)) & 1) != 0;

    /// <summary>Which links of a row are accepted, bit by position.</summary>
    /// <param name="row">At most 64 links.</param>
    /// <param name="count">Ordinals from here on, the padding among them, are no rows and not accepted.</param>
    /// <param name="rows">Which links are rows at all.</param>
    public ulong Accepted(ReadOnlySpan<uint> row, uint count, out ulong rows)
    {
        fixed (ulong* words = _words)
        fixed (uint* links = row)
        {
            return Avx2.IsSupported && row.Length % 8 == 0
                ? Accepted8((int*)words, links, row.Length, count, out rows)
                : Accepted1(words, links, row.Length, count, out rows);
        }
    }

    internal static ulong Accepted1(ulong* words, uint* links, int length, uint count, out ulong rows)
    {
        ulong accepted = 0;
        rows = 0;
        for (int i = 0; i < length; i++)
        {
            uint link = links[i];
            if (link < count)
            {
                rows |= 1ul << i;
                accepted |= (words[link >> 6] >> (int)(link & 63) & 1) << i;
            }
        }
        return accepted;
    }

    // Eight words are gathered at once; links that are no rows read word 0 and are masked out.
    private static ulong Accepted8(int* words, uint* links, int length, uint count, out ulong rows)
    {
        ulong accepted = 0;
        rows = 0;
        Vector256<uint> end = Vector256.Create(count);
        for (int i = 0; i < length; i += 8)
        {
            Vector256<uint> link = Vector256.Load(links + i);
            Vector256<uint> isRow = Vector256.LessThan(link, end);
            Vector256<int> word = Avx2.GatherVector256(words, ((link & isRow) >>> 5).AsInt32(), 4);
            // The wanted bit moves to the sign.
            Vector256<uint> bit = Avx2.ShiftLeftLogicalVariable(word.AsUInt32(), Vector256.Create(31u) - (link & Vector256.Create(31u)));
            rows |= (ulong)isRow.ExtractMostSignificantBits() << i;
            accepted |= (ulong)(bit & isRow).ExtractMostSignificantBits() << i;
        }
        return accepted;
    }
}
