using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SearchEngine.Vectors.Kernels;

internal enum FloatElement
{
    Half,
    Single,
}

internal enum FloatMeasure
{
    Dot,

    /// <summary>Squared Euclidean distance, summed over true differences: no cancellation.</summary>
    Distance,
}

/// <summary>
/// Four float16 or float32 rows against a float32 query. Length is a multiple of 32. Lane j of 64 takes elements j,
/// j + 64, ... by fused multiply-add, then halves are added: 64, 32, 16, 8, 4, 2. All paths give the same bits.
/// </summary>
internal static unsafe class FloatRows
{
    public delegate void Kernel(byte* rows, nuint stride, uint* ordinals, float* query, nuint length, float* results);

    private static readonly nint HalfDot = FindNative("se_half_dot4_");
    private static readonly nint HalfDistance = FindNative("se_half_distance4_");
    private static readonly nint SingleDot = FindNative("se_float_dot4_");
    private static readonly nint SingleDistance = FindNative("se_float_distance4_");

    public static void Run4(
        FloatElement element, FloatMeasure measure, byte* rows, nuint stride, uint* ordinals, float* query, nuint length, float* results)
    {
        nint native = (element, measure) switch
        {
            (FloatElement.Half, FloatMeasure.Dot) => HalfDot,
            (FloatElement.Half, FloatMeasure.Distance) => HalfDistance,
            (FloatElement.Single, FloatMeasure.Dot) => SingleDot,
            _ => SingleDistance,
        };
        if (native != 0)
        {
            ((delegate* unmanaged[Cdecl]<byte*, nuint, uint*, float*, nuint, float*, void>)native)(
                rows, stride, ordinals, query, length, results);
        }
        else if (Fma.IsSupported && Avx2.IsSupported)
        {
            Vector4(element, measure, rows, stride, ordinals, query, length, results);
        }
        else
        {
            Reference4(element, measure, rows, stride, ordinals, query, length, results);
        }
    }

    public static List<(string Name, Kernel Run)> Paths(FloatElement element, FloatMeasure measure)
    {
        var paths = new List<(string Name, Kernel Run)>();
        paths.Add(("reference", (rows, stride, ordinals, query, length, results) =>
            Reference4(element, measure, rows, stride, ordinals, query, length, results)));
        if (Fma.IsSupported && Avx2.IsSupported)
        {
            paths.Add(("managed avx2", (rows, stride, ordinals, query, length, results) =>
                Vector4(element, measure, rows, stride, ordinals, query, length, results)));
        }
        string name = (element == FloatElement.Half ? "se_half_" : "se_float_") + (measure == FloatMeasure.Dot ? "dot4_" : "distance4_");
        foreach (var (isa, needs) in new[] { ("avx2", CpuFeatures.Avx2), ("avx512", CpuFeatures.Avx512) })
        {
            if (NativeKernels.Find(name + isa, needs) is not 0 and nint address)
            {
                paths.Add(("native " + isa, (rows, stride, ordinals, query, length, results) =>
                    ((delegate* unmanaged[Cdecl]<byte*, nuint, uint*, float*, nuint, float*, void>)address)(
                        rows, stride, ordinals, query, length, results)));
            }
        }
        return paths;
    }

    private static nint FindNative(string name) =>
        NativeKernels.FindFirst((name + "avx512", CpuFeatures.Avx512), (name + "avx2", CpuFeatures.Avx2));

    private static void Reference4(
        FloatElement element, FloatMeasure measure, byte* rows, nuint stride, uint* ordinals, float* query, nuint length, float* results)
    {
        float* lanes = stackalloc float[64];
        for (int r = 0; r < 4; r++)
        {
            byte* row = rows + ordinals[r] * stride;
            new Span<float>(lanes, 64).Clear();
            for (nuint j = 0; j < length; j++)
            {
                float x = element == FloatElement.Half ? (float)((Half*)row)[j] : ((float*)row)[j];
                float left = measure == FloatMeasure.Dot ? x : x - query[j];
                float right = measure == FloatMeasure.Dot ? query[j] : left;
                lanes[j & 63] = MathF.FusedMultiplyAdd(left, right, lanes[j & 63]);
            }
            for (int half = 32; half >= 1; half /= 2)
            {
                for (int j = 0; j < half; j++)
                {
                    lanes[j] += lanes[j + half];
                }
            }
            results[r] = lanes[0];
        }
    }

    private static void Vector4(
        FloatElement element, FloatMeasure measure, byte* rows, nuint stride, uint* ordinals, float* query, nuint length, float* results)
    {
        for (int r = 0; r < 4; r++)
        {
            byte* row = rows + ordinals[r] * stride;
            Vector256<float> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default, l6 = default, l7 = default;
            nuint j = 0;
            for (; j + 64 <= length; j += 64)
            {
                l0 = Step(element, measure, row, query, j, l0);
                l1 = Step(element, measure, row, query, j + 8, l1);
                l2 = Step(element, measure, row, query, j + 16, l2);
                l3 = Step(element, measure, row, query, j + 24, l3);
                l4 = Step(element, measure, row, query, j + 32, l4);
                l5 = Step(element, measure, row, query, j + 40, l5);
                l6 = Step(element, measure, row, query, j + 48, l6);
                l7 = Step(element, measure, row, query, j + 56, l7);
            }
            if (j < length)
            {
                l0 = Step(element, measure, row, query, j, l0);
                l1 = Step(element, measure, row, query, j + 8, l1);
                l2 = Step(element, measure, row, query, j + 16, l2);
                l3 = Step(element, measure, row, query, j + 24, l3);
            }
            Vector256<float> s = l0 + l4 + (l2 + l6) + (l1 + l5 + (l3 + l7));
            Vector128<float> t = s.GetLower() + s.GetUpper();
            results[r] = t[0] + t[2] + (t[1] + t[3]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Step(
        FloatElement element, FloatMeasure measure, byte* row, float* query, nuint j, Vector256<float> sum)
    {
        Vector256<float> x = element == FloatElement.Half ? Widen((ushort*)row + j) : Vector256.Load((float*)row + j);
        Vector256<float> q = Vector256.Load(query + j);
        if (measure == FloatMeasure.Dot)
        {
            return Fma.MultiplyAdd(x, q, sum);
        }
        x -= q;
        return Fma.MultiplyAdd(x, x, sum);
    }

    // The runtime has no F16C conversion: shift the half into a float's place and multiply by 2^112, which is exact and
    // right for subnormals too. Infinities are excluded when a row is taken in.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Widen(ushort* halves)
    {
        Vector256<int> bits = Avx2.ConvertToVector256Int32(halves);
        Vector256<float> magnitude = ((bits & Vector256.Create(0x7FFF)) << 13).AsSingle() * Vector256.Create(5.192296858534828e33f);
        return (magnitude.AsInt32() | ((bits & Vector256.Create(0x8000)) << 16)).AsSingle();
    }
}
