namespace SearchEngine.Models.Onnx.Interop;

/// <summary>Calls about values and their shapes.</summary>
internal static unsafe class OrtTensors
{
    /// <summary>A value over memory that stays the caller's. The library checks that the bytes suffice for the shape.</summary>
    public static nint Over(OrtApi api, nint memoryInfo, nint address, long bytes, ReadOnlySpan<long> shape, OnnxElementType type)
    {
        nint value;
        fixed (long* dimensions = shape)
        {
            // A scalar has no dimensions, and fixed over an empty span is null: the library asks only for the count then.
            var create = (delegate* unmanaged<nint, nint, nuint, long*, nuint, int, nint*, nint>)
                api[OrtSlot.CreateTensorWithDataAsOrtValue];
            api.Check(create(memoryInfo, address, (nuint)bytes, dimensions, (nuint)shape.Length, (int)type, &value));
        }
        return value;
    }

    public static OnnxElementType ElementType(OrtApi api, nint shapeInfo)
    {
        int type;
        api.Check(((delegate* unmanaged<nint, int*, nint>)api[OrtSlot.GetTensorElementType])(shapeInfo, &type));
        return (OnnxElementType)type;
    }

    /// <summary>Writes as many dimensions as fit and returns how many there are.</summary>
    public static int Dimensions(OrtApi api, nint shapeInfo, Span<long> dimensions)
    {
        var rank = api.Number(OrtSlot.GetDimensionsCount, shapeInfo);
        if (rank > dimensions.Length)
            return (int)long.Min(rank, int.MaxValue);
        fixed (long* d = dimensions)
        {
            var get = (delegate* unmanaged<nint, long*, nuint, nint>)api[OrtSlot.GetDimensions];
            api.Check(get(shapeInfo, d, (nuint)rank));
        }
        return (int)rank;
    }

    /// <summary>The names of the dimensions; empty where a dimension has none.</summary>
    public static string[] Symbols(OrtApi api, nint shapeInfo, int rank)
    {
        var names = new nint[rank];
        fixed (nint* n = names)
        {
            var get = (delegate* unmanaged<nint, nint*, nuint, nint>)api[OrtSlot.GetSymbolicDimensions];
            api.Check(get(shapeInfo, n, (nuint)rank));
        }
        return Array.ConvertAll(names, OrtApi.Text);
    }
}
