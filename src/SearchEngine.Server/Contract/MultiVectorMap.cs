using SearchEngine.Collections.Documents;

namespace SearchEngine.Server.Contract;

/// <summary>Multi vectors, both ways. Lengths are checked before anything is allocated for them; rows are checked by the engine.</summary>
internal static class MultiVectorMap
{
    /// <summary>Of all rows, as sent.</summary>
    private const int MaxBytes = 4 << 20;

    public static MultiVector Read(Wire.MultiVector vector, string path)
    {
        bool hasData = vector.Data.Length > 0;
        if (hasData && vector.Values.Count > 0)
        {
            throw Refusal.Of(Wire.ErrorReason.VectorLength, path, "Both data and values are set.", "Set one of the two.")
                .With("element_type", VectorMap.NameOf(vector.ElementType));
        }
        long bytes = hasData ? vector.Data.Length : (long)vector.Values.Count * sizeof(float);
        if (bytes > MaxBytes)
        {
            throw Refusal.Limit(hasData ? $"{path}.data" : $"{path}.values", bytes, MaxBytes, "bytes", "Send fewer rows, or smaller elements.");
        }
        if (vector.Dimension is 0 or > VectorMap.MaxDimension)
        {
            throw Refusal.Of(
                Wire.ErrorReason.DimensionMismatch, $"{path}.dimension", "The dimension of the rows is not stated or not possible.", "Set the elements per row.",
                $"1 to {VectorMap.MaxDimension}", Refusal.Number(vector.Dimension));
        }
        int size = VectorMap.SizeOf(vector.ElementType, path), stride = (int)vector.Dimension * (hasData ? size : 1);
        int length = hasData ? vector.Data.Length : vector.Values.Count;
        if (length == 0 || length % stride != 0)
        {
            throw Refusal.Of(
                    Wire.ErrorReason.VectorLength, $"{path}.{(hasData ? "data" : "values")}", $"A length of {length} is not that of whole rows, at least one.",
                    "Send whole rows, or state the dimension and element type they have.", $"a multiple of {stride}", Refusal.Number(length))
                .With("element_type", VectorMap.NameOf(vector.ElementType));
        }
        // The same elements, as one long vector.
        var all = new Wire.Vector { Data = vector.Data, ElementType = vector.ElementType, Scale = vector.Scale };
        VectorMap.CheckScale(all, path);
        float[] values = hasData ? VectorMap.Decode(all, length / size) : [.. vector.Values];
        VectorCheck.Finite(values, path);
        return new MultiVector((int)vector.Dimension, values);
    }

    /// <param name="type">FLOAT32 or FLOAT16.</param>
    public static Wire.MultiVector Write(MultiVector vector, Wire.ElementType type)
    {
        Wire.Vector all = VectorMap.Write(vector.Values.Span, type);
        return new Wire.MultiVector { Dimension = (uint)vector.Dimension, ElementType = all.ElementType, Data = all.Data };
    }
}
