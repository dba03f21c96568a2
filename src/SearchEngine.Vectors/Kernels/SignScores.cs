using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SearchEngine.Vectors.Kernels;

/// <summary>The query of the 1-bit estimate, laid out as native/kernels.h declares it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SignQuery
{
    /// <summary>Four bit planes of the 4-bit query, <see cref="Words"/> u64 each, zero behind the last dimension.</summary>
    public ulong* Planes;

    /// <summary>Words of a plane, a multiple of 8.</summary>
    public nuint Words;

    /// <summary>Byte offset of f32 {add, scale, error, popcount} in a record: the length of its signs.</summary>
    public nuint FactorOffset;

    public float Step;
    public float Half;
    public float InverseUnit;
    public float ErrorScale;
}

/// <summary>
/// Integer scores of four 1-bit records (RaBitQ estimator, arXiv 2405.12497) and upper bounds of them. One rounding per
/// operation in a fixed order, so every path gives the same bits.
/// </summary>
internal static unsafe class SignScores
{
    public delegate void Kernel(byte* rows, nuint stride, uint* ordinals, SignQuery* query, int* scores, int* highs);

    private static readonly nint Native = NativeKernels.FindFirst(
        ("se_sign_scores4_avx512popcnt", CpuFeatures.Avx512Popcount),
        ("se_sign_scores4_avx2", CpuFeatures.Avx2));

    private static readonly nint NativeRows = NativeKernels.Find("se_sign_highs_rows_avx512popcnt", CpuFeatures.Avx512Popcount);

    /// <summary>For rows known to be in memory: no GC transition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Resident4(byte* rows, nuint stride, uint* ordinals, SignQuery* query, int* scores, int* highs)
    {
        if (Native != 0)
        {
            ((delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, nuint, uint*, SignQuery*, int*, int*, void>)Native)(
                rows, stride, ordinals, query, scores, highs);
        }
        else
        {
            Managed4(rows, stride, ordinals, query, scores, highs);
        }
    }

    /// <summary>For rows that may have to be read from a file first.</summary>
    public static void Mapped4(byte* rows, nuint stride, uint* ordinals, SignQuery* query, int* scores, int* highs)
    {
        if (Native != 0)
        {
            ((delegate* unmanaged[Cdecl]<byte*, nuint, uint*, SignQuery*, int*, int*, void>)Native)(
                rows, stride, ordinals, query, scores, highs);
        }
        else
        {
            Managed4(rows, stride, ordinals, query, scores, highs);
        }
    }

    /// <summary>The upper bounds of the rows of a batch, in memory or not.</summary>
    /// <param name="from">The first of them; a multiple of 4.</param>
    public static void Bound(byte* rows, nuint stride, RowBatch batch, int from, SignQuery* query)
    {
        if (NativeRows != 0)
        {
            ((delegate* unmanaged[Cdecl]<byte*, nuint, uint*, nuint, nuint, SignQuery*, int*, void>)NativeRows)(
                rows, stride, batch.Ordinals + from, (nuint)(batch.Count - from + 3) / 4 * 4, (nuint)(batch.Known - from), query, batch.Scores + from);
            return;
        }
        int* scores = stackalloc int[4];
        for (int i = from; i < batch.Count; i += 4)
        {
            Prefetch.Rows(rows, stride, batch, i, (int)stride / 64);
            Mapped4(rows, stride, batch.Ordinals + i, query, scores, batch.Scores + i);
        }
    }

    public static List<(string Name, Kernel Run)> Paths()
    {
        var paths = new List<(string Name, Kernel Run)>();
        paths.Add(("reference", Reference4));
        if (ManagedSignScores.IsSupported)
        {
            paths.Add(("managed avx2", ManagedSignScores.Narrow4));
        }
        if (ManagedSignScores.IsWideSupported)
        {
            paths.Add(("managed avx512", ManagedSignScores.Wide4));
        }
        foreach (var (name, needs) in new[]
        {
            ("scalar", CpuFeatures.None), ("avx2", CpuFeatures.Avx2), ("avx512popcnt", CpuFeatures.Avx512Popcount),
        })
        {
            if (NativeKernels.Find("se_sign_scores4_" + name, needs) is not 0 and nint address)
            {
                paths.Add(("native " + name, (rows, stride, ordinals, query, scores, highs) =>
                    ((delegate* unmanaged[Cdecl]<byte*, nuint, uint*, SignQuery*, int*, int*, void>)address)(
                        rows, stride, ordinals, query, scores, highs)));
            }
        }
        return paths;
    }

    private static void Managed4(byte* rows, nuint stride, uint* ordinals, SignQuery* query, int* scores, int* highs)
    {
        if (ManagedSignScores.IsWideSupported)
        {
            ManagedSignScores.Wide4(rows, stride, ordinals, query, scores, highs);
        }
        else if (ManagedSignScores.IsSupported)
        {
            ManagedSignScores.Narrow4(rows, stride, ordinals, query, scores, highs);
        }
        else
        {
            Reference4(rows, stride, ordinals, query, scores, highs);
        }
    }

    private static void Reference4(byte* rows, nuint stride, uint* ordinals, SignQuery* query, int* scores, int* highs)
    {
        for (int r = 0; r < 4; r++)
        {
            byte* record = rows + ordinals[r] * stride;
            float* factors = (float*)(record + query->FactorOffset);
            int planes = PlaneSum((ulong*)record, query);
            float centred = MathF.FusedMultiplyAdd(-7.5f, factors[3], planes) - query->Half;
            float estimate = MathF.FusedMultiplyAdd(factors[1], query->Step * centred, factors[0]);
            float high = MathF.FusedMultiplyAdd(factors[2], query->ErrorScale, estimate);
            scores[r] = Truncate(estimate * query->InverseUnit);
            highs[r] = Truncate(high * query->InverseUnit);
        }
    }

    private static int PlaneSum(ulong* record, SignQuery* query)
    {
        nuint words = query->FactorOffset / 8, stride = query->Words;
        ulong* planes = query->Planes;
        int p0 = 0, p1 = 0, p2 = 0, p3 = 0;
        for (nuint w = 0; w < words; w++)
        {
            ulong bits = record[w];
            p0 += BitOperations.PopCount(bits & planes[w]);
            p1 += BitOperations.PopCount(bits & planes[stride + w]);
            p2 += BitOperations.PopCount(bits & planes[2 * stride + w]);
            p3 += BitOperations.PopCount(bits & planes[3 * stride + w]);
        }
        return p0 + 2 * p1 + 4 * p2 + 8 * p3;
    }

    // An outlier must stay the best, not wrap to the worst.
    private static int Truncate(float x) => (int)MathF.Min(x >= -2147483648f ? x : -2147483648f, 2147483520f);
}
