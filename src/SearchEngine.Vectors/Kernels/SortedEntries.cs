using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// Whole vectors of eight longs in falling order, filled up with <see cref="Empty"/>. Both operations touch every vector
/// without a branch: where an entry belongs is a coin toss that no predictor wins, and a few vectors cost less than the toss.
/// </summary>
internal static unsafe class SortedEntries
{
    public const int Width = 8;
    public const long Empty = long.MinValue;

    /// <summary>Puts <paramref name="entry"/> in its place; the last entry falls out.</summary>
    /// <param name="entries">64-byte aligned.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Insert(long* entries, int vectors, long entry)
    {
        if (Avx512F.IsSupported)
        {
            Insert512(entries, vectors, entry);
        }
        else
        {
            InsertScalar(entries, vectors, entry);
        }
    }

    /// <summary>Takes the first entry out; the others move up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RemoveFirst(long* entries, int vectors)
    {
        if (Avx512F.IsSupported)
        {
            RemoveFirst512(entries, vectors);
        }
        else
        {
            RemoveFirstScalar(entries, vectors);
        }
    }

    /// <summary>How many are above <paramref name="entry"/>; of whole vectors, in any order.</summary>
    public static int CountAbove(long* entries, int count, long entry)
    {
        Vector512<long> wanted = Vector512.Create(entry);
        int above = 0;
        for (int i = 0; i < count; i += Width)
        {
            above += BitOperations.PopCount(Vector512.GreaterThan(Vector512.LoadAligned(entries + i), wanted).ExtractMostSignificantBits());
        }
        return above;
    }

    /// <summary>As <see cref="CountAbove(long*, int, long)"/>.</summary>
    /// <param name="hits">How many of them are hits.</param>
    public static int CountAbove(long* entries, int count, long entry, out int hits)
    {
        Vector512<long> wanted = Vector512.Create(entry);
        int above = 0;
        hits = 0;
        for (int i = 0; i < count; i += Width)
        {
            Vector512<long> eight = Vector512.LoadAligned(entries + i);
            ulong isAbove = Vector512.GreaterThan(eight, wanted).ExtractMostSignificantBits();
            above += BitOperations.PopCount(isAbove);
            hits += BitOperations.PopCount(isAbove & (eight << 63).ExtractMostSignificantBits());
        }
        return above;
    }

    /// <summary>Writes one vector of nothing.</summary>
    public static void Fill(long* at) => Vector512.Create(Empty).Store(at);

    // new[i] = max(old[i], min(old[i - 1], entry)): before the place old[i] wins, at it the entry, behind it old[i - 1].
    private static void Insert512(long* entries, int vectors, long entry)
    {
        Vector512<long> wanted = Vector512.Create(entry);
        long* at = entries + Width * (vectors - 1);
        Vector512<long> current = Vector512.LoadAligned(at);
        for (; at > entries; at -= Width)
        {
            Vector512<long> before = Vector512.LoadAligned(at - Width);
            Vector512<long> moved = Avx512F.AlignRight64(current, before, Width - 1);
            Avx512F.Max(current, Avx512F.Min(moved, wanted)).StoreAligned(at);
            current = before;
        }
        Vector512<long> first = Avx512F.AlignRight64(current, Vector512<long>.AllBitsSet ^ Vector512.Create(Empty), Width - 1);
        Avx512F.Max(current, Avx512F.Min(first, wanted)).StoreAligned(at);
    }

    private static void RemoveFirst512(long* entries, int vectors)
    {
        long* last = entries + Width * (vectors - 1);
        Vector512<long> current = Vector512.LoadAligned(entries);
        for (; entries < last; entries += Width)
        {
            Vector512<long> next = Vector512.LoadAligned(entries + Width);
            Avx512F.AlignRight64(next, current, 1).StoreAligned(entries);
            current = next;
        }
        Avx512F.AlignRight64(Vector512.Create(Empty), current, 1).StoreAligned(entries);
    }

    internal static void InsertScalar(long* entries, int vectors, long entry)
    {
        int at = Width * vectors - 1;
        if (entries[at] >= entry)
        {
            return;
        }
        for (; at > 0 && entries[at - 1] < entry; at--)
        {
            entries[at] = entries[at - 1];
        }
        entries[at] = entry;
    }

    internal static void RemoveFirstScalar(long* entries, int vectors)
    {
        int last = Width * vectors - 1;
        for (int i = 0; i < last; i++)
        {
            entries[i] = entries[i + 1];
        }
        entries[last] = Empty;
    }
}
