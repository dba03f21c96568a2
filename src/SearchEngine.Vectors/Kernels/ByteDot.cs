using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// Dot products of four biased u8 codes (code + 128) with one int8 query whose bytes are in [-127, 127]. Exact, equal
/// on every path. The bias is a query constant, 128 * sum(query), that the caller subtracts. Length is a multiple of 64.
/// </summary>
internal static unsafe class ByteDot
{
    public delegate void Kernel(byte* rows, nuint stride, uint* ordinals, sbyte* query, nuint length, int* scores);

    private static readonly nint Native = NativeKernels.FindFirst(
        ("se_byte_dot4_avx512vnni", CpuFeatures.Avx512Vnni),
        ("se_byte_dot4_avx512", CpuFeatures.Avx512),
        ("se_byte_dot4_avxvnni", CpuFeatures.AvxVnni),
        ("se_byte_dot4_avx2", CpuFeatures.Avx2));

    private static readonly nint NativeRows = NativeKernels.Find("se_byte_dot_rows_avx512vnni", CpuFeatures.Avx512Vnni);

    /// <summary>The best path. Without a GC transition: only for rows that are known to be in memory, since a page fault
    /// inside would hold up every thread that waits for a collection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Resident4(byte* rows, nuint stride, uint* ordinals, sbyte* query, nuint length, int* scores)
    {
        if (Native != 0)
        {
            ((delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, nuint, uint*, sbyte*, nuint, int*, void>)Native)(
                rows, stride, ordinals, query, length, scores);
        }
        else
        {
            Managed4(rows, stride, ordinals, query, length, scores);
        }
    }

    /// <summary>The best path for rows that may have to be read from a file first.</summary>
    public static void Mapped4(byte* rows, nuint stride, uint* ordinals, sbyte* query, nuint length, int* scores)
    {
        if (Native != 0)
        {
            ((delegate* unmanaged[Cdecl]<byte*, nuint, uint*, sbyte*, nuint, int*, void>)Native)(
                rows, stride, ordinals, query, length, scores);
        }
        else
        {
            Managed4(rows, stride, ordinals, query, length, scores);
        }
    }

    /// <summary>Many rows, in memory or not. Both kinds of call are alike at so many rows.</summary>
    public static void Score(byte* rows, nuint stride, RowBatch batch, sbyte* query, nuint length)
    {
        if (NativeRows != 0)
        {
            ((delegate* unmanaged[Cdecl]<byte*, nuint, uint*, nuint, nuint, sbyte*, nuint, int*, void>)NativeRows)(
                rows, stride, batch.Ordinals, (nuint)(batch.Count + 3) / 4 * 4, (nuint)batch.Known, query, length, batch.Scores);
            return;
        }
        for (int i = 0; i < batch.Count; i += 4)
        {
            Prefetch.Rows(rows, stride, batch, i, (int)length / 64);
            Mapped4(rows, stride, batch.Ordinals + i, query, length, batch.Scores + i);
        }
    }

    /// <summary>Every path that this machine can run, for tests and tables.</summary>
    public static List<(string Name, Kernel Run)> Paths()
    {
        var paths = new List<(string Name, Kernel Run)>();
        paths.Add(("reference", Reference4));
        if (Avx2.IsSupported)
        {
            paths.Add(("managed avx2", Avx2Rows4));
        }
        if (AvxVnni.IsSupported)
        {
            paths.Add(("managed avx2-vnni", VnniRows4));
        }
        foreach (var (name, needs) in new[]
        {
            ("scalar", CpuFeatures.None), ("avx2", CpuFeatures.Avx2), ("avxvnni", CpuFeatures.AvxVnni),
            ("avx512", CpuFeatures.Avx512), ("avx512vnni", CpuFeatures.Avx512Vnni),
        })
        {
            if (NativeKernels.Find("se_byte_dot4_" + name, needs) is not 0 and nint address)
            {
                paths.Add(("native " + name, (rows, stride, ordinals, query, length, scores) =>
                    ((delegate* unmanaged[Cdecl]<byte*, nuint, uint*, sbyte*, nuint, int*, void>)address)(
                        rows, stride, ordinals, query, length, scores)));
            }
        }
        return paths;
    }

    private static void Managed4(byte* rows, nuint stride, uint* ordinals, sbyte* query, nuint length, int* scores)
    {
        if (AvxVnni.IsSupported)
        {
            VnniRows4(rows, stride, ordinals, query, length, scores);
        }
        else if (Avx2.IsSupported)
        {
            Avx2Rows4(rows, stride, ordinals, query, length, scores);
        }
        else
        {
            Reference4(rows, stride, ordinals, query, length, scores);
        }
    }

    private static void Reference4(byte* rows, nuint stride, uint* ordinals, sbyte* query, nuint length, int* scores)
    {
        for (int r = 0; r < 4; r++)
        {
            byte* row = rows + ordinals[r] * stride;
            int sum = 0;
            for (nuint j = 0; j < length; j++)
            {
                sum += row[j] * query[j];
            }
            scores[r] = sum;
        }
    }

    private static void VnniRows4(byte* rows, nuint stride, uint* ordinals, sbyte* query, nuint length, int* scores)
    {
        byte* p0 = rows + ordinals[0] * stride, p1 = rows + ordinals[1] * stride;
        byte* p2 = rows + ordinals[2] * stride, p3 = rows + ordinals[3] * stride;
        Vector256<int> a = default, b = default, c = default, d = default;
        for (nuint j = 0; j < length; j += 32)
        {
            Vector256<sbyte> v = Vector256.Load(query + j);
            a = AvxVnni.MultiplyWideningAndAdd(a, Vector256.Load(p0 + j), v);
            b = AvxVnni.MultiplyWideningAndAdd(b, Vector256.Load(p1 + j), v);
            c = AvxVnni.MultiplyWideningAndAdd(c, Vector256.Load(p2 + j), v);
            d = AvxVnni.MultiplyWideningAndAdd(d, Vector256.Load(p3 + j), v);
        }
        Reduce4(a, b, c, d).Store(scores);
    }

    // VPMADDUBSW saturates at 16 bits, so the bias is undone first (127 * 127 * 2 fits) and put back as 128 * sum(query).
    private static void Avx2Rows4(byte* rows, nuint stride, uint* ordinals, sbyte* query, nuint length, int* scores)
    {
        byte* p0 = rows + ordinals[0] * stride, p1 = rows + ordinals[1] * stride;
        byte* p2 = rows + ordinals[2] * stride, p3 = rows + ordinals[3] * stride;
        Vector256<int> a = default, b = default, c = default, d = default, q = default;
        var ones = Vector256.Create((short)1);
        for (nuint j = 0; j < length; j += 32)
        {
            Vector256<sbyte> v = Vector256.Load(query + j);
            a = Avx2Step(a, Vector256.Load(p0 + j), v);
            b = Avx2Step(b, Vector256.Load(p1 + j), v);
            c = Avx2Step(c, Vector256.Load(p2 + j), v);
            d = Avx2Step(d, Vector256.Load(p3 + j), v);
            q += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256<byte>.One, v), ones);
        }
        q <<= 7;
        Reduce4(a + q, b + q, c + q, d + q).Store(scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Avx2Step(Vector256<int> sum, Vector256<byte> biased, Vector256<sbyte> query)
    {
        Vector256<sbyte> code = (biased ^ Vector256.Create((byte)0x80)).AsSByte();
        Vector256<short> pairs = Avx2.MultiplyAddAdjacent(Avx2.Abs(code), Avx2.Sign(query, code));
        return sum + Avx2.MultiplyAddAdjacent(pairs, Vector256.Create((short)1));
    }

    private static Vector128<int> Reduce4(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d)
    {
        Vector256<int> t = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a, b), Avx2.HorizontalAdd(c, d));
        return t.GetLower() + t.GetUpper();
    }
}
