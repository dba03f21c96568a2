using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SearchEngine.Training.Numerics;

/// <summary>
/// Arithmetic on rows of floats in eight lanes, whatever the machine's widest vector: one order of additions, so that the same
/// seed trains the same model everywhere.
/// </summary>
internal static class Lanes
{
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var count = Math.Min(left.Length, right.Length);
        var a = MemoryMarshal.Cast<float, Vector256<float>>(left[..count]);
        var b = MemoryMarshal.Cast<float, Vector256<float>>(right[..count]);
        Vector256<float> even = default, odd = default;
        var i = 0;
        for (; i + 1 < a.Length; i += 2)
        {
            even = Vector256.FusedMultiplyAdd(a[i], b[i], even);
            odd = Vector256.FusedMultiplyAdd(a[i + 1], b[i + 1], odd);
        }
        if (i < a.Length)
            even = Vector256.FusedMultiplyAdd(a[i], b[i], even);
        var sum = Vector256.Sum(even + odd);
        for (var rest = a.Length * Vector256<float>.Count; rest < count; rest++)
            sum += left[rest] * right[rest];
        return sum;
    }

    /// <summary>target += factor * source.</summary>
    public static void AddScaled(Span<float> target, ReadOnlySpan<float> source, float factor)
    {
        var to = MemoryMarshal.Cast<float, Vector256<float>>(target);
        var from = MemoryMarshal.Cast<float, Vector256<float>>(source[..target.Length]);
        var by = Vector256.Create(factor);
        for (var i = 0; i < to.Length; i++)
            to[i] = Vector256.FusedMultiplyAdd(from[i], by, to[i]);
        for (var rest = to.Length * Vector256<float>.Count; rest < target.Length; rest++)
            target[rest] = MathF.FusedMultiplyAdd(source[rest], factor, target[rest]);
    }

    public static void Scale(Span<float> target, float factor)
    {
        foreach (ref var x in target)
            x *= factor;
    }

    public static float Length(ReadOnlySpan<float> row) => MathF.Sqrt(Dot(row, row));
}
