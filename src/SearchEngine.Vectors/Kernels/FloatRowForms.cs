using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SearchEngine.Vectors.Kernels;

/// <summary>What one coordinate of a row is, for the managed kernels. A type argument, so that each kernel is compiled for
/// its element: asked at run time, the question cost seven eighths of the kernel (2026-11-26).</summary>
internal unsafe interface IFloatRowForm
{
    static abstract float Read(byte* row, nuint j);

    /// <summary>Eight coordinates. Needs AVX2.</summary>
    static abstract Vector256<float> Load(byte* row, nuint j);
}

internal readonly unsafe struct HalfRow : IFloatRowForm
{
    public static float Read(byte* row, nuint j) => (float)((Half*)row)[j];

    // The runtime has no F16C conversion: shift the half into a float's place and multiply by 2^112, which is exact and
    // right for subnormals too. Infinities are excluded when a row is taken in.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* row, nuint j)
    {
        Vector256<int> bits = Avx2.ConvertToVector256Int32((ushort*)row + j);
        Vector256<float> magnitude = ((bits & Vector256.Create(0x7FFF)) << 13).AsSingle() * Vector256.Create(5.192296858534828e33f);
        return (magnitude.AsInt32() | ((bits & Vector256.Create(0x8000)) << 16)).AsSingle();
    }
}

internal readonly unsafe struct SingleRow : IFloatRowForm
{
    public static float Read(byte* row, nuint j) => ((float*)row)[j];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* row, nuint j) => Vector256.Load((float*)row + j);
}

internal readonly unsafe struct ByteRow : IFloatRowForm
{
    public static float Read(byte* row, nuint j) => ((sbyte*)row)[j];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* row, nuint j) =>
        Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32((sbyte*)row + j));
}

/// <summary>What is summed over the coordinates.</summary>
internal interface IFloatStep
{
    static abstract float Next(float x, float query, float sum);

    static abstract Vector256<float> Next(Vector256<float> x, Vector256<float> query, Vector256<float> sum);
}

internal readonly struct DotStep : IFloatStep
{
    public static float Next(float x, float query, float sum) => MathF.FusedMultiplyAdd(x, query, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Next(Vector256<float> x, Vector256<float> query, Vector256<float> sum) =>
        Fma.MultiplyAdd(x, query, sum);
}

internal readonly struct DistanceStep : IFloatStep
{
    public static float Next(float x, float query, float sum) => MathF.FusedMultiplyAdd(x - query, x - query, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Next(Vector256<float> x, Vector256<float> query, Vector256<float> sum)
    {
        x -= query;
        return Fma.MultiplyAdd(x, x, sum);
    }
}
