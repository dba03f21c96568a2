using SearchEngine.Models.Onnx.Interop;

namespace SearchEngine.Models.Onnx;

/// <summary>
/// One output of the last execution, read where ONNX Runtime or the caller's tensor has it, without a copy. Valid until the run
/// executes again or is disposed; keep the run alive while reading.
/// </summary>
public sealed class OnnxOutput
{
    private readonly OrtApi _api;
    private readonly OrtHandle _owned;
    private readonly long[] _shape = new long[OnnxTensor.MaxRank];
    private nint _address;
    private int _rank;

    internal OnnxOutput(OrtApi api, OnnxTensorInfo info)
    {
        _api = api;
        _owned = new OrtHandle(api, OrtKind.Value, 0);
        Info = info;
    }

    /// <summary>What the model declares.</summary>
    public OnnxTensorInfo Info { get; }

    public OnnxElementType ElementType { get; private set; }

    public ReadOnlySpan<long> Shape => _shape.AsSpan(0, _rank);

    public int Length { get; private set; }

    /// <summary>The caller's tensor that the output goes to; null lets ONNX Runtime allocate.</summary>
    internal OnnxTensor? Target { get; set; }

    /// <summary>The elements in row order.</summary>
    /// <exception cref="OnnxTensorException">The elements are of another type.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged
    {
        if (Target != null)
            return Target.AsSpan<T>();
        ObjectDisposedException.ThrowIf(_owned.IsClosed, this);
        if (OnnxElement.Of<T>() != ElementType)
            throw new OnnxTensorException(Info.Name, $"its elements are {ElementType}, not {typeof(T).Name}");
        return OrtMemory.Span<T>(_address, Length);
    }

    internal void Clear()
    {
        _owned.Replace(0);
        ElementType = OnnxElementType.Undefined;
        _address = 0;
        _rank = Length = 0;
    }

    /// <summary>Takes over the value that a run left, so that it is released whatever follows.</summary>
    internal void Own(nint value)
    {
        if (Target == null)
            _owned.Replace(value);
    }

    /// <summary>Reads type, shape and address of the value that a run left.</summary>
    internal void Read()
    {
        if (Target != null)
        {
            ElementType = Target.ElementType;
            Target.Shape.CopyTo(_shape);
            (_rank, Length) = (Target.Shape.Length, Target.Length);
            return;
        }
        var value = _owned.DangerousGetHandle();
        var shape = _api.Make(OrtSlot.GetTensorTypeAndShape, value);
        try
        {
            var rank = OrtTensors.Dimensions(_api, shape, _shape);
            if (rank > OnnxTensor.MaxRank)
            {
                throw new OnnxTensorException(
                    Info.Name, $"the output has {rank} dimensions, and at most {OnnxTensor.MaxRank} are read");
            }
            (_rank, ElementType) = (rank, OrtTensors.ElementType(_api, shape));
        }
        finally
        {
            _api.Release(OrtKind.ShapeInfo, shape);
        }
        Length = Elements();
        _address = OnnxElement.Bytes(ElementType) > 0 ? _api.Make(OrtSlot.GetTensorMutableData, value) : 0;
    }

    internal void Dispose() => _owned.Dispose();

    private int Elements()
    {
        long elements = 1;
        foreach (var size in Shape)
            elements = long.Min(elements, OnnxTensor.MaxElements + 1) * size;
        return elements <= OnnxTensor.MaxElements
            ? (int)elements
            : throw new OnnxTensorException(Info.Name, $"the output has more than {OnnxTensor.MaxElements} elements");
    }
}
