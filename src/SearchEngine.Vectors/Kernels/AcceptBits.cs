using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SearchEngine.Vectors.Kernels;

/// <summary>One bit per ordinal that says whether a filter accepts the row; tested singly or for a whole link row.</summary>
internal readonly unsafe ref struct AcceptBits
{
    private static readonly byte[] Packing = MakePacking();

    private readonly ReadOnlySpan<ulong> _words;

    public AcceptBits(ReadOnlySpan<ulong> words) => _words = words;

    public bool IsEmpty => _words.IsEmpty;

    public ReadOnlySpan<ulong> Words => _words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(uint ordinal) => ((_words[(int)(ordinal >> 6)] >> (int)(ordinal & 63)) & 1) != 0;

    /// <summary>Accepted rows evenly spread over their order: each stands in the middle of as many.</summary>
    /// <param name="count">How many are accepted.</param>
    /// <param name="rows">Receives them in order, all different.</param>
    /// <returns>How many there are: the room, or all accepted rows if they are fewer.</returns>
    public int Spread(int count, Span<uint> rows)
    {
        int wanted = Math.Min(rows.Length, count), found = 0;
        long before = 0;
        for (int word = 0; word < _words.Length && found < wanted; word++)
        {
            ulong bits = _words[word];
            int inWord = BitOperations.PopCount(bits);
            for (long rank; found < wanted && (rank = ((2L * found) + 1) * count / (2 * wanted)) < before + inWord; found++)
            {
                rows[found] = (uint)((word * 64) + PositionOf((int)(rank - before), bits));
            }
            before += inWord;
        }
        return found;
    }

    /// <summary>How many of the links of a row are accepted.</summary>
    /// <param name="row">A link row.</param>
    /// <param name="count">Ordinals from here on, the padding among them, are no rows.</param>
    /// <param name="rows">How many are rows.</param>
    public int Count(ReadOnlySpan<uint> row, uint count, out int rows)
    {
        int accepted = 0;
        rows = 0;
        foreach (uint link in row)
        {
            bool isRow = link < count;
            rows += isRow ? 1 : 0;
            accepted += isRow && Contains(link) ? 1 : 0;
        }
        return accepted;
    }

    /// <summary>Copies the accepted links of a row to <paramref name="accepted"/> and the other rows behind one another to
    /// <paramref name="rest"/>, both in order. Without branches: which link is accepted is a coin toss.</summary>
    /// <param name="links">A link row.</param>
    /// <param name="length">Its length.</param>
    /// <param name="count">Ordinals from here on, the padding among them, are no rows.</param>
    /// <param name="accepted">Room for the row and 16 more.</param>
    /// <param name="rest">Room for the row and 16 more.</param>
    /// <param name="rejected">How many others there are.</param>
    /// <returns>How many are accepted.</returns>
    internal int Split(uint* links, int length, uint count, uint* accepted, uint* rest, out int rejected)
    {
        fixed (ulong* words = _words)
        {
            return Avx512F.IsSupported && length % 16 == 0 ? Split16((int*)words, links, length, count, accepted, rest, out rejected)
                : Avx2.IsSupported && length % 8 == 0 ? Split8((int*)words, links, length, count, accepted, rest, out rejected)
                : Split1(words, links, length, count, accepted, rest, out rejected);
        }
    }

    /// <summary>As <see cref="Split"/> for the accepted links alone.</summary>
    internal int Select(uint* links, int length, uint count, uint* accepted)
    {
        fixed (ulong* words = _words)
        {
            return Avx512F.IsSupported && length % 16 == 0 ? Select16((int*)words, links, length, count, accepted)
                : Avx2.IsSupported && length % 8 == 0 ? Select8((int*)words, links, length, count, accepted)
                : Select1(words, links, length, count, accepted);
        }
    }

    // Where the bit stands that has so many set ones below it.
    private static int PositionOf(int rank, ulong bits)
    {
        for (; rank > 0; rank--)
        {
            bits &= bits - 1;
        }
        return BitOperations.TrailingZeroCount(bits);
    }

    private static int Split1(ulong* words, uint* links, int length, uint count, uint* accepted, uint* rest, out int rejected)
    {
        int taken = 0;
        rejected = 0;
        for (int i = 0; i < length; i++)
        {
            uint link = links[i];
            if (link >= count)
            {
                continue;
            }
            if ((words[link >> 6] >> (int)(link & 63) & 1) != 0)
            {
                accepted[taken++] = link;
            }
            else
            {
                rest[rejected++] = link;
            }
        }
        return taken;
    }

    private static int Select1(ulong* words, uint* links, int length, uint count, uint* accepted)
    {
        int taken = 0;
        for (int i = 0; i < length; i++)
        {
            if (links[i] < count && (words[links[i] >> 6] >> (int)(links[i] & 63) & 1) != 0)
            {
                accepted[taken++] = links[i];
            }
        }
        return taken;
    }

    private static int Split8(int* words, uint* links, int length, uint count, uint* accepted, uint* rest, out int rejected)
    {
        uint* nextAccepted = accepted, nextRest = rest;
        Vector256<uint> end = Vector256.Create(count);
        for (int i = 0; i < length; i += 8)
        {
            Vector256<uint> link = Vector256.Load(links + i);
            uint isAccepted = Test8(words, link, end, out uint isRow);
            Pack(link, isAccepted).Store(nextAccepted);
            Pack(link, isRow & ~isAccepted).Store(nextRest);
            nextAccepted += BitOperations.PopCount(isAccepted);
            nextRest += BitOperations.PopCount(isRow & ~isAccepted);
        }
        rejected = (int)(nextRest - rest);
        return (int)(nextAccepted - accepted);
    }

    private static int Select8(int* words, uint* links, int length, uint count, uint* accepted)
    {
        uint* next = accepted;
        Vector256<uint> end = Vector256.Create(count);
        for (int i = 0; i < length; i += 8)
        {
            Vector256<uint> link = Vector256.Load(links + i);
            uint isAccepted = Test8(words, link, end, out _);
            Pack(link, isAccepted).Store(next);
            next += BitOperations.PopCount(isAccepted);
        }
        return (int)(next - accepted);
    }

    private static int Split16(int* words, uint* links, int length, uint count, uint* accepted, uint* rest, out int rejected)
    {
        uint* nextAccepted = accepted, nextRest = rest;
        Vector512<uint> end = Vector512.Create(count);
        for (int i = 0; i < length; i += 16)
        {
            Vector512<uint> link = Vector512.Load(links + i), isRow = Vector512.LessThan(link, end);
            Vector512<uint> isAccepted = Test16(words, link, isRow);
            nextAccepted += Pack16(link, isAccepted, nextAccepted);
            nextRest += Pack16(link, Vector512.AndNot(isRow, isAccepted), nextRest);
        }
        rejected = (int)(nextRest - rest);
        return (int)(nextAccepted - accepted);
    }

    private static int Select16(int* words, uint* links, int length, uint count, uint* accepted)
    {
        uint* next = accepted;
        Vector512<uint> end = Vector512.Create(count);
        for (int i = 0; i < length; i += 16)
        {
            Vector512<uint> link = Vector512.Load(links + i);
            next += Pack16(link, Test16(words, link, Vector512.LessThan(link, end)), next);
        }
        return (int)(next - accepted);
    }

    // As for eight.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Test16(int* words, Vector512<uint> link, Vector512<uint> isRow)
    {
        Vector512<int> at = ((link & isRow) >>> 5).AsInt32();
        var word = Vector512.Create(Avx2.GatherVector256(words, at.GetLower(), 4), Avx2.GatherVector256(words, at.GetUpper(), 4));
        Vector512<uint> bit = Avx512F.ShiftLeftLogicalVariable(word.AsUInt32(), Vector512.AndNot(Vector512.Create(31u), link));
        return Vector512.LessThan((bit & isRow).AsInt32(), Vector512<int>.Zero).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Pack16(Vector512<uint> links, Vector512<uint> isWanted, uint* target)
    {
        Avx512F.Compress(links, isWanted, links).Store(target);
        return BitOperations.PopCount(isWanted.ExtractMostSignificantBits());
    }

    // Eight words are gathered at once; links that are no rows read word 0 and are masked out.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Test8(int* words, Vector256<uint> link, Vector256<uint> end, out uint isRow)
    {
        Vector256<uint> row = Vector256.LessThan(link, end);
        Vector256<int> word = Avx2.GatherVector256(words, ((link & row) >>> 5).AsInt32(), 4);
        // The wanted bit moves to the sign.
        Vector256<uint> bit = Avx2.ShiftLeftLogicalVariable(word.AsUInt32(), Vector256<uint>.AllBitsSet - link & Vector256.Create(31u));
        isRow = row.ExtractMostSignificantBits();
        return (bit & row).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Pack(Vector256<uint> link, uint wanted)
    {
        ref byte order = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Packing), 8 * (int)wanted);
        Vector128<byte> eight = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref order)).AsByte();
        return Avx2.PermuteVar8x32(link, Avx2.ConvertToVector256Int32(eight).AsUInt32());
    }

    // For each of 256 masks the positions of its bits, then zeroes.
    private static byte[] MakePacking()
    {
        var packing = new byte[8 * 256];
        for (int mask = 0; mask < 256; mask++)
        {
            int next = 8 * mask;
            for (int bit = 0; bit < 8; bit++)
            {
                if ((mask >> bit & 1) != 0)
                {
                    packing[next++] = (byte)bit;
                }
            }
        }
        return packing;
    }
}
