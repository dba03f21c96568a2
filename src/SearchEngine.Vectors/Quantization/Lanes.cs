using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SearchEngine.Vectors.Quantization;

/// <summary>Sixteen float lanes with sums in one fixed order, so that codes and factors are the same on every machine.</summary>
internal static class Lanes
{
    public const int Width = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ReadOnlySpan<float> values, int at) => Vector512.Create(values.Slice(at, Width));

    public static float Sum(Vector512<float> lanes)
    {
        Vector256<float> a = lanes.GetLower() + lanes.GetUpper();
        Vector128<float> b = a.GetLower() + a.GetUpper();
        return b[0] + b[2] + (b[1] + b[3]);
    }

    public static float Max(Vector512<float> lanes)
    {
        Vector256<float> a = Vector256.Max(lanes.GetLower(), lanes.GetUpper());
        Vector128<float> b = Vector128.Max(a.GetLower(), a.GetUpper());
        return MathF.Max(MathF.Max(b[0], b[2]), MathF.Max(b[1], b[3]));
    }

    /// <summary>Sum of squares; the length is a multiple of 16.</summary>
    public static float SquaredNorm(ReadOnlySpan<float> values)
    {
        var sum = Vector512<float>.Zero;
        for (int j = 0; j < values.Length; j += Width)
        {
            Vector512<float> x = Load(values, j);
            sum += x * x;
        }
        return Sum(sum);
    }
}
