namespace SearchEngine.Models.Inference;

/// <summary>Vectors in the narrower element types that the wire and indexes carry.</summary>
public static class VectorElements
{
    /// <summary>Nearest half-precision numbers, ties to even.</summary>
    public static void ToFloat16(ReadOnlySpan<float> vector, Span<Half> target)
    {
        for (var i = 0; i < vector.Length; i++)
            target[i] = (Half)vector[i];
    }

    /// <summary>Symmetric int8: an element's value is element * the scale that is returned. A zero vector has scale 1.</summary>
    public static float ToInt8(ReadOnlySpan<float> vector, Span<sbyte> target)
    {
        var largest = 0f;
        foreach (var x in vector)
            largest = Math.Max(largest, Math.Abs(x));
        var scale = largest > 0 ? largest / sbyte.MaxValue : 1f;
        for (var i = 0; i < vector.Length; i++)
            target[i] = (sbyte)Math.Clamp(MathF.Round(vector[i] / scale), -sbyte.MaxValue, sbyte.MaxValue);
        return scale;
    }
}
