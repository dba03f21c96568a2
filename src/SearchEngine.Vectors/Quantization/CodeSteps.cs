using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SearchEngine.Vectors.Quantization;

internal static class CodeSteps
{
    /// <summary>Sixteen biased code bytes as signed numbers of steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ReadOnlySpan<byte> code, int at)
    {
        Vector256<ushort> wide = Vector256.WidenLower(Vector256.Create(Vector128.Create(code.Slice(at, 16)), default));
        return Vector512.ConvertToSingle(Vector512.WidenLower(Vector512.Create(wide, default)).AsInt32() - Vector512.Create(128));
    }
}
