using System.Runtime.Intrinsics.X86;

namespace SearchEngine.Vectors.Kernels;

internal enum FloatElement
{
    Half,
    Single,

    /// <summary>Signed bytes, taken as they are.</summary>
    Byte,
}

internal enum FloatMeasure
{
    Dot,

    /// <summary>Squared Euclidean distance, summed over true differences: no cancellation.</summary>
    Distance,
}

/// <summary>
/// Four float16, float32 or int8 rows against one float32 query, or against four at once. Length is a multiple of 32. Lane j
/// of 64 takes elements j, j + 64, ... by fused multiply-add, then halves are added: 64, 32, 16, 8, 4, 2. All paths give
/// the same bits, and so do the two forms. Sums of products of integers are exact up to 2^24.
/// </summary>
internal static unsafe class FloatRows
{
    public delegate void Kernel(byte* rows, nuint stride, uint* ordinals, float* query, nuint length, float* results);

    /// <param name="queries">Four queries, <paramref name="queryStride"/> values apart.</param>
    /// <param name="results">results[4 * row + query].</param>
    public delegate void BatchKernel(
        byte* rows, nuint stride, uint* ordinals, float* queries, nuint queryStride, nuint length, float* results);

    private static readonly (string Isa, CpuFeatures Needs)[] Isas = [("avx2", CpuFeatures.Avx2), ("avx512", CpuFeatures.Avx512)];

    private static readonly nint[] One = FindAll("4_");
    private static readonly nint[] Batch = FindAll("4x4_");
    private static readonly Forms[] Managed = AllManaged(HasVectors);

    private static bool HasVectors => Fma.IsSupported && Avx2.IsSupported;

    public static int BytesOf(FloatElement element) => element switch
    {
        FloatElement.Half => 2,
        FloatElement.Single => 4,
        _ => 1,
    };

    public static void Run4(
        FloatElement element, FloatMeasure measure, byte* rows, nuint stride, uint* ordinals, float* query, nuint length, float* results)
    {
        nint native = One[At(element, measure)];
        if (native != 0)
        {
            ((delegate* unmanaged[Cdecl]<byte*, nuint, uint*, float*, nuint, float*, void>)native)(
                rows, stride, ordinals, query, length, results);
        }
        else
        {
            Managed[At(element, measure)].One(rows, stride, ordinals, query, length, results);
        }
    }

    /// <summary>Four rows against four queries: a row is fetched and widened once for all of them.</summary>
    public static void Run4x4(
        FloatElement element, FloatMeasure measure, byte* rows, nuint stride, uint* ordinals, float* queries, nuint queryStride,
        nuint length, float* results)
    {
        nint native = Batch[At(element, measure)];
        if (native != 0)
        {
            ((delegate* unmanaged[Cdecl]<byte*, nuint, uint*, float*, nuint, nuint, float*, void>)native)(
                rows, stride, ordinals, queries, queryStride, length, results);
        }
        else
        {
            Managed[At(element, measure)].Batch(rows, stride, ordinals, queries, queryStride, length, results);
        }
    }

    public static List<(string Name, Kernel Run)> Paths(FloatElement element, FloatMeasure measure)
    {
        var paths = new List<(string Name, Kernel Run)>();
        foreach ((string name, Forms forms) in ManagedPaths(element, measure))
        {
            paths.Add((name, forms.One));
        }
        foreach ((string isa, CpuFeatures needs) in Isas)
        {
            if (NativeKernels.Find(NameOf(element, measure) + "4_" + isa, needs) is not 0 and nint address)
            {
                paths.Add(("native " + isa, (rows, stride, ordinals, query, length, results) =>
                    ((delegate* unmanaged[Cdecl]<byte*, nuint, uint*, float*, nuint, float*, void>)address)(
                        rows, stride, ordinals, query, length, results)));
            }
        }
        return paths;
    }

    public static List<(string Name, BatchKernel Run)> BatchPaths(FloatElement element, FloatMeasure measure)
    {
        var paths = new List<(string Name, BatchKernel Run)>();
        foreach ((string name, Forms forms) in ManagedPaths(element, measure))
        {
            paths.Add((name, forms.Batch));
        }
        foreach ((string isa, CpuFeatures needs) in Isas)
        {
            if (NativeKernels.Find(NameOf(element, measure) + "4x4_" + isa, needs) is not 0 and nint address)
            {
                paths.Add(("native " + isa, (rows, stride, ordinals, queries, queryStride, length, results) =>
                    ((delegate* unmanaged[Cdecl]<byte*, nuint, uint*, float*, nuint, nuint, float*, void>)address)(
                        rows, stride, ordinals, queries, queryStride, length, results)));
            }
        }
        return paths;
    }

    private static int At(FloatElement element, FloatMeasure measure) => 2 * (int)element + (int)measure;

    private static string NameOf(FloatElement element, FloatMeasure measure) =>
        (element switch { FloatElement.Half => "se_half_", FloatElement.Single => "se_float_", _ => "se_byte_float_" })
        + (measure == FloatMeasure.Dot ? "dot" : "distance");

    private static nint[] FindAll(string form)
    {
        var found = new nint[6];
        foreach (FloatElement element in Enum.GetValues<FloatElement>())
        {
            foreach (FloatMeasure measure in Enum.GetValues<FloatMeasure>())
            {
                string name = NameOf(element, measure) + form;
                found[At(element, measure)] = NativeKernels.FindFirst((name + "avx512", CpuFeatures.Avx512), (name + "avx2", CpuFeatures.Avx2));
            }
        }
        return found;
    }

    private static List<(string Name, Forms Forms)> ManagedPaths(FloatElement element, FloatMeasure measure)
    {
        var paths = new List<(string, Forms)> { ("reference", AllManaged(vectors: false)[At(element, measure)]) };
        if (HasVectors)
        {
            paths.Add(("managed avx2", AllManaged(vectors: true)[At(element, measure)]));
        }
        return paths;
    }

    private static Forms[] AllManaged(bool vectors) =>
    [
        Of<HalfRow, DotStep>(vectors), Of<HalfRow, DistanceStep>(vectors),
        Of<SingleRow, DotStep>(vectors), Of<SingleRow, DistanceStep>(vectors),
        Of<ByteRow, DotStep>(vectors), Of<ByteRow, DistanceStep>(vectors),
    ];

    private static Forms Of<TForm, TStep>(bool vectors)
        where TForm : struct, IFloatRowForm
        where TStep : struct, IFloatStep => vectors
        ? new Forms(ManagedFloatRows<TForm, TStep>.Vector4, ManagedFloatRows<TForm, TStep>.Vector4x4)
        : new Forms(ManagedFloatRows<TForm, TStep>.Reference4, ManagedFloatRows<TForm, TStep>.Reference4x4);

    private readonly record struct Forms(Kernel One, BatchKernel Batch);
}
