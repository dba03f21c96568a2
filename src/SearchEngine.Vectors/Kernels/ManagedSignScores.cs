using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// The 1-bit estimate by vectors of the runtime, for processes without the C library. It has no bit count over vectors, so
/// bits are counted by a table of nibbles; one scheme, two widths. Gives the bits of every other path.
/// </summary>
internal static unsafe class ManagedSignScores
{
    private const float Lowest = -2147483648f;
    private const float Highest = 2147483520f;

    public static bool IsWideSupported => Avx512BW.IsSupported && Fma.IsSupported;

    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>Needs <see cref="IsWideSupported"/>. Whole pieces of 64 bytes: where the signs end inside one the planes are
    /// zero, so the factors behind them count nothing.</summary>
    public static void Wide4(byte* rows, nuint stride, uint* ordinals, SignQuery* query, int* scores, int* highs)
    {
        byte* r0 = rows + ordinals[0] * stride, r1 = rows + ordinals[1] * stride;
        byte* r2 = rows + ordinals[2] * stride, r3 = rows + ordinals[3] * stride;
        byte* planes = (byte*)query->Planes;
        nuint plane = query->Words * 8;
        Vector512<long> a = default, b = default, c = default, d = default;
        for (nuint j = 0; j < query->FactorOffset; j += 64)
        {
            Vector512<byte> p0 = Vector512.Load(planes + j), p1 = Vector512.Load(planes + plane + j);
            Vector512<byte> p2 = Vector512.Load(planes + 2 * plane + j), p3 = Vector512.Load(planes + 3 * plane + j);
            a += WidePiece(Vector512.Load(r0 + j), p0, p1, p2, p3);
            b += WidePiece(Vector512.Load(r1 + j), p0, p1, p2, p3);
            c += WidePiece(Vector512.Load(r2 + j), p0, p1, p2, p3);
            d += WidePiece(Vector512.Load(r3 + j), p0, p1, p2, p3);
        }
        var sums = Vector128.Create((int)Vector512.Sum(a), (int)Vector512.Sum(b), (int)Vector512.Sum(c), (int)Vector512.Sum(d));
        Finish(query, r0, r1, r2, r3, sums, scores, highs);
    }

    /// <summary>Needs <see cref="IsSupported"/>.</summary>
    public static void Narrow4(byte* rows, nuint stride, uint* ordinals, SignQuery* query, int* scores, int* highs)
    {
        byte* r0 = rows + ordinals[0] * stride, r1 = rows + ordinals[1] * stride;
        byte* r2 = rows + ordinals[2] * stride, r3 = rows + ordinals[3] * stride;
        byte* planes = (byte*)query->Planes;
        nuint plane = query->Words * 8;
        Vector256<long> a = default, b = default, c = default, d = default;
        // The records end on a line and planes are zero behind the signs, so an odd half piece is read whole here too.
        for (nuint j = 0; j < query->FactorOffset; j += 32)
        {
            Vector256<byte> p0 = Vector256.Load(planes + j), p1 = Vector256.Load(planes + plane + j);
            Vector256<byte> p2 = Vector256.Load(planes + 2 * plane + j), p3 = Vector256.Load(planes + 3 * plane + j);
            a += NarrowPiece(Vector256.Load(r0 + j), p0, p1, p2, p3);
            b += NarrowPiece(Vector256.Load(r1 + j), p0, p1, p2, p3);
            c += NarrowPiece(Vector256.Load(r2 + j), p0, p1, p2, p3);
            d += NarrowPiece(Vector256.Load(r3 + j), p0, p1, p2, p3);
        }
        var sums = Vector128.Create((int)Vector256.Sum(a), (int)Vector256.Sum(b), (int)Vector256.Sum(c), (int)Vector256.Sum(d));
        Finish(query, r0, r1, r2, r3, sums, scores, highs);
    }

    // Horner over the planes, at most 15 * 8 = 120 in a byte, so that bytes are summed across only once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> WidePiece(
        Vector512<byte> bits, Vector512<byte> p0, Vector512<byte> p1, Vector512<byte> p2, Vector512<byte> p3)
    {
        Vector512<byte> sum = WideCount(bits & p3);
        sum = sum + sum + WideCount(bits & p2);
        sum = sum + sum + WideCount(bits & p1);
        sum = sum + sum + WideCount(bits & p0);
        return Avx512BW.SumAbsoluteDifferences(sum, Vector512<byte>.Zero).AsInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> WideCount(Vector512<byte> x)
    {
        var nibble = Vector512.Create((byte)15);
        Vector512<byte> table = Vector512.Create(Vector256.Create(NibbleCounts, NibbleCounts), Vector256.Create(NibbleCounts, NibbleCounts));
        Vector512<byte> high = (x.AsUInt16() >> 4).AsByte() & nibble;
        return Avx512BW.Shuffle(table, x & nibble) + Avx512BW.Shuffle(table, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> NarrowPiece(
        Vector256<byte> bits, Vector256<byte> p0, Vector256<byte> p1, Vector256<byte> p2, Vector256<byte> p3)
    {
        Vector256<byte> sum = NarrowCount(bits & p3);
        sum = sum + sum + NarrowCount(bits & p2);
        sum = sum + sum + NarrowCount(bits & p1);
        sum = sum + sum + NarrowCount(bits & p0);
        return Avx2.SumAbsoluteDifferences(sum, Vector256<byte>.Zero).AsInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> NarrowCount(Vector256<byte> x)
    {
        var nibble = Vector256.Create((byte)15);
        Vector256<byte> table = Vector256.Create(NibbleCounts, NibbleCounts);
        Vector256<byte> high = (x.AsUInt16() >> 4).AsByte() & nibble;
        return Avx2.Shuffle(table, x & nibble) + Avx2.Shuffle(table, high);
    }

    private static Vector128<byte> NibbleCounts => Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);

    private static void Finish(SignQuery* query, byte* r0, byte* r1, byte* r2, byte* r3, Vector128<int> planes, int* scores, int* highs)
    {
        nuint at = query->FactorOffset;
        Vector128<float> f0 = Vector128.Load((float*)(r0 + at)), f1 = Vector128.Load((float*)(r1 + at));
        Vector128<float> f2 = Vector128.Load((float*)(r2 + at)), f3 = Vector128.Load((float*)(r3 + at));
        Vector128<float> low = Sse.UnpackLow(f0, f1), low2 = Sse.UnpackLow(f2, f3);
        Vector128<float> high = Sse.UnpackHigh(f0, f1), high2 = Sse.UnpackHigh(f2, f3);
        Vector128<float> add = Sse.MoveLowToHigh(low, low2), scale = Sse.MoveHighToLow(low2, low);
        Vector128<float> error = Sse.MoveLowToHigh(high, high2), ones = Sse.MoveHighToLow(high2, high);
        Vector128<float> centred = Fma.MultiplyAdd(Vector128.Create(-7.5f), ones, Vector128.ConvertToSingle(planes))
            - Vector128.Create(query->Half);
        Vector128<float> estimate = Fma.MultiplyAdd(scale, centred * query->Step, add);
        Vector128<float> bound = Fma.MultiplyAdd(error, Vector128.Create(query->ErrorScale), estimate);
        Truncate(estimate * query->InverseUnit).Store(scores);
        Truncate(bound * query->InverseUnit).Store(highs);
    }

    // An outlier must stay the best, not wrap to the worst; what is not a number becomes the worst.
    private static Vector128<int> Truncate(Vector128<float> x) =>
        Sse2.ConvertToVector128Int32WithTruncation(Sse.Min(Sse.Max(x, Vector128.Create(Lowest)), Vector128.Create(Highest)));
}
