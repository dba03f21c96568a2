using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SearchEngine.Vectors.Kernels;

/// <summary>The managed kernels over float rows of one form and step: the reference, and vectors of eight.</summary>
internal static unsafe class ManagedFloatRows<TForm, TStep>
    where TForm : struct, IFloatRowForm
    where TStep : struct, IFloatStep
{
    public static void Reference4(byte* rows, nuint stride, uint* ordinals, float* query, nuint length, float* results)
    {
        float* lanes = stackalloc float[64];
        for (int r = 0; r < 4; r++)
        {
            byte* row = rows + ordinals[r] * stride;
            new Span<float>(lanes, 64).Clear();
            for (nuint j = 0; j < length; j++)
            {
                lanes[j & 63] = TStep.Next(TForm.Read(row, j), query[j], lanes[j & 63]);
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

    /// <summary>Needs AVX2 and FMA.</summary>
    public static void Vector4(byte* rows, nuint stride, uint* ordinals, float* query, nuint length, float* results)
    {
        for (int r = 0; r < 4; r++)
        {
            byte* row = rows + ordinals[r] * stride;
            Vector256<float> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default, l6 = default, l7 = default;
            nuint j = 0;
            for (; j + 64 <= length; j += 64)
            {
                l0 = Step(row, query, j, l0);
                l1 = Step(row, query, j + 8, l1);
                l2 = Step(row, query, j + 16, l2);
                l3 = Step(row, query, j + 24, l3);
                l4 = Step(row, query, j + 32, l4);
                l5 = Step(row, query, j + 40, l5);
                l6 = Step(row, query, j + 48, l6);
                l7 = Step(row, query, j + 56, l7);
            }
            if (j < length)
            {
                l0 = Step(row, query, j, l0);
                l1 = Step(row, query, j + 8, l1);
                l2 = Step(row, query, j + 16, l2);
                l3 = Step(row, query, j + 24, l3);
            }
            results[r] = Reduce(l0 + l4 + (l2 + l6) + (l1 + l5 + (l3 + l7)));
        }
    }

    /// <summary>Four rows against four queries: results[4 * row + query].</summary>
    public static void Reference4x4(
        byte* rows, nuint stride, uint* ordinals, float* queries, nuint queryStride, nuint length, float* results)
    {
        float* scores = stackalloc float[4];
        for (nuint q = 0; q < 4; q++)
        {
            Reference4(rows, stride, ordinals, queries + q * queryStride, length, scores);
            for (nuint r = 0; r < 4; r++)
            {
                results[4 * r + q] = scores[r];
            }
        }
    }

    /// <summary>As <see cref="Reference4x4"/>. Sixteen registers hold sixteen lanes of four queries, so it goes over a row
    /// four times; the row is widened once for all queries.</summary>
    public static void Vector4x4(
        byte* rows, nuint stride, uint* ordinals, float* queries, nuint queryStride, nuint length, float* results)
    {
        float* q0 = queries, q1 = q0 + queryStride, q2 = q1 + queryStride, q3 = q2 + queryStride;
        Vector256<float>* lanes = stackalloc Vector256<float>[32];
        for (int r = 0; r < 4; r++)
        {
            byte* row = rows + ordinals[r] * stride;
            for (nuint block = 0; block < 4; block++)
            {
                Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default;
                Vector256<float> c0 = default, c1 = default, d0 = default, d1 = default;
                for (nuint j = 16 * block; j < length; j += 64)
                {
                    Vector256<float> x = TForm.Load(row, j), y = TForm.Load(row, j + 8);
                    a0 = TStep.Next(x, Vector256.Load(q0 + j), a0);
                    a1 = TStep.Next(y, Vector256.Load(q0 + j + 8), a1);
                    b0 = TStep.Next(x, Vector256.Load(q1 + j), b0);
                    b1 = TStep.Next(y, Vector256.Load(q1 + j + 8), b1);
                    c0 = TStep.Next(x, Vector256.Load(q2 + j), c0);
                    c1 = TStep.Next(y, Vector256.Load(q2 + j + 8), c1);
                    d0 = TStep.Next(x, Vector256.Load(q3 + j), d0);
                    d1 = TStep.Next(y, Vector256.Load(q3 + j + 8), d1);
                }
                Vector256<float>* at = lanes + 2 * block;
                (at[0], at[1], at[8], at[9]) = (a0, a1, b0, b1);
                (at[16], at[17], at[24], at[25]) = (c0, c1, d0, d1);
            }
            for (int q = 0; q < 4; q++)
            {
                Vector256<float>* l = lanes + 8 * q;
                results[4 * r + q] = Reduce(l[0] + l[4] + (l[2] + l[6]) + (l[1] + l[5] + (l[3] + l[7])));
            }
        }
    }

    private static float Reduce(Vector256<float> sum)
    {
        Vector128<float> t = sum.GetLower() + sum.GetUpper();
        return t[0] + t[2] + (t[1] + t[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Step(byte* row, float* query, nuint j, Vector256<float> sum) =>
        TStep.Next(TForm.Load(row, j), Vector256.Load(query + j), sum);
}
