using System.Runtime.Intrinsics;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// Four rounds of random signs and Hadamard transforms in place (Kac walk of RaBitQ's rotator): odd rounds transform the
/// first <c>block</c> coordinates, even rounds the last, and the halves are mixed where block is shorter. The order of
/// the operations on each element is fixed, so every path gives the same bits.
/// </summary>
internal static unsafe class Hadamard
{
    public delegate void Kernel(float* values, float* signs, nuint length, nuint block);

    public const int Rounds = 4;

    private static readonly nint Native = NativeKernels.FindFirst(
        ("se_rotate_avx512", CpuFeatures.Avx512), ("se_rotate_avx2", CpuFeatures.Avx2));

    /// <param name="values">Rotated in place; its length is a multiple of 64.</param>
    /// <param name="signs">+1 or -1, <see cref="Rounds"/> times as many as values.</param>
    /// <param name="block">The greatest power of two that is at most the length.</param>
    public static void Rotate(Span<float> values, ReadOnlySpan<float> signs, int block)
    {
        if (signs.Length < Rounds * values.Length || block > values.Length || values.Length % 64 != 0)
        {
            throw new ArgumentException("A rotation needs four signs for each of a multiple of 64 values.", nameof(values));
        }
        fixed (float* v = values)
        fixed (float* s = signs)
        {
            if (Native != 0)
            {
                ((delegate* unmanaged[Cdecl]<float*, float*, nuint, nuint, void>)Native)(v, s, (nuint)values.Length, (nuint)block);
            }
            else
            {
                Managed(v, s, (nuint)values.Length, (nuint)block);
            }
        }
    }

    public static List<(string Name, Kernel Run)> Paths()
    {
        var paths = new List<(string Name, Kernel Run)>();
        paths.Add(("reference", Reference));
        paths.Add(("managed", Managed));
        foreach (var (name, needs) in new[] { ("scalar", CpuFeatures.None), ("avx2", CpuFeatures.Avx2), ("avx512", CpuFeatures.Avx512) })
        {
            if (NativeKernels.Find("se_rotate_" + name, needs) is not 0 and nint address)
            {
                paths.Add(("native " + name, (values, signs, length, block) =>
                    ((delegate* unmanaged[Cdecl]<float*, float*, nuint, nuint, void>)address)(values, signs, length, block)));
            }
        }
        return paths;
    }

    private static void Reference(float* x, float* signs, nuint length, nuint block)
    {
        float scale = 1f / MathF.Sqrt(block);
        nuint half = length / 2;
        for (nuint round = 0; round < Rounds; round++)
        {
            for (nuint j = 0; j < length; j++)
            {
                x[j] *= signs[round * length + j];
            }
            float* part = (round & 1) != 0 ? x + (length - block) : x;
            TransformScalar(part, block, 1);
            for (nuint j = 0; j < block; j++)
            {
                part[j] *= scale;
            }
            for (nuint j = 0; block < length && j < half; j++)
            {
                (x[j], x[j + half]) = (x[j] + x[j + half], x[j] - x[j + half]);
            }
        }
        for (nuint j = 0; block < length && j < length; j++)
        {
            x[j] *= 0.25f;
        }
    }

    private static void TransformScalar(float* x, nuint n, nuint last)
    {
        for (nuint h = n / 2; h >= last; h /= 2)
        {
            for (nuint i = 0; i < n; i += 2 * h)
            {
                for (nuint j = i; j < i + h; j++)
                {
                    (x[j], x[j + h]) = (x[j] + x[j + h], x[j] - x[j + h]);
                }
            }
        }
    }

    private static void Managed(float* x, float* signs, nuint length, nuint block)
    {
        float scale = 1f / MathF.Sqrt(block);
        nuint half = length / 2;
        for (nuint round = 0; round < Rounds; round++)
        {
            for (nuint j = 0; j < length; j += 8)
            {
                (Vector256.Load(x + j) * Vector256.Load(signs + round * length + j)).Store(x + j);
            }
            float* part = (round & 1) != 0 ? x + (length - block) : x;
            TransformVector(part, block);
            for (nuint j = 0; j < block; j += 8)
            {
                (Vector256.Load(part + j) * scale).Store(part + j);
            }
            for (nuint j = 0; block < length && j < half; j += 8)
            {
                Vector256<float> u = Vector256.Load(x + j), v = Vector256.Load(x + j + half);
                (u + v).Store(x + j);
                (u - v).Store(x + j + half);
            }
        }
        for (nuint j = 0; block < length && j < length; j += 8)
        {
            (Vector256.Load(x + j) * 0.25f).Store(x + j);
        }
    }

    private static void TransformVector(float* x, nuint n)
    {
        for (nuint h = n / 2; h >= 8; h /= 2)
        {
            for (nuint i = 0; i < n; i += 2 * h)
            {
                for (nuint j = i; j < i + h; j += 8)
                {
                    Vector256<float> a = Vector256.Load(x + j), b = Vector256.Load(x + j + h);
                    (a + b).Store(x + j);
                    (a - b).Store(x + j + h);
                }
            }
        }
        var negate4 = Vector256.Create(0f, 0f, 0f, 0f, -0f, -0f, -0f, -0f).AsInt32();
        var negate2 = Vector256.Create(0f, 0f, -0f, -0f, 0f, 0f, -0f, -0f).AsInt32();
        var negate1 = Vector256.Create(0f, -0f, 0f, -0f, 0f, -0f, 0f, -0f).AsInt32();
        for (nuint i = 0; i < n; i += 8)
        {
            Vector256<float> a = Vector256.Load(x + i);
            a = Vector256.Shuffle(a, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)) + (a.AsInt32() ^ negate4).AsSingle();
            a = Vector256.Shuffle(a, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)) + (a.AsInt32() ^ negate2).AsSingle();
            a = Vector256.Shuffle(a, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)) + (a.AsInt32() ^ negate1).AsSingle();
            a.Store(x + i);
        }
    }
}
