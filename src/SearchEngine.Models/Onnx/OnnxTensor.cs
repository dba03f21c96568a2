using SearchEngine.Models.Onnx.Interop;

namespace SearchEngine.Models.Onnx;

/// <summary>
/// Memory in a shape, for runs to read or to write: made once for the largest shape, reshaped for each batch without an
/// allocation. Several runs may read one tensor at the same time; reshaping or writing while a run uses it is the caller's
/// mistake (reshaping is refused, writing cannot be). Disposing during a run takes effect when the run ends.
/// </summary>
public sealed class OnnxTensor : IDisposable
{
    /// <summary>Most dimensions of a shape; models of text have up to four.</summary>
    public const int MaxRank = 8;

    /// <summary>Spans count elements in 32 bits.</summary>
    public const long MaxElements = int.MaxValue;

    /// <summary>In place of a number of runs.</summary>
    private const int Reshaping = -1;

    private readonly OrtApi _api;
    private readonly OrtMemory _memory;
    private readonly OrtHandle _value;
    private readonly long[] _shape = new long[MaxRank];
    private int _rank;
    private int _runs;

    private OnnxTensor(OrtApi api, OrtMemory memory, OnnxElementType type, long capacity)
    {
        _api = api;
        _memory = memory;
        ElementType = type;
        Capacity = (int)capacity;
        _value = new OrtHandle(api, OrtKind.Value, 0, memory);
        Reshape(0);
    }

    public OnnxElementType ElementType { get; }

    /// <summary>Elements that the memory holds.</summary>
    public int Capacity { get; }

    /// <summary>Elements of the present shape.</summary>
    public int Length { get; private set; }

    /// <summary>Whether a run is reading or writing the tensor at this moment.</summary>
    public bool InUse => Volatile.Read(ref _runs) > 0;

    public ReadOnlySpan<long> Shape => _shape.AsSpan(0, _rank);

    /// <summary>Counts reshapes, so that a binding knows when its value is stale.</summary>
    internal int Generation { get; private set; }

    internal nint Value => _value.DangerousGetHandle();

    internal static OnnxTensor Allocate<T>(OnnxRuntime runtime, long capacity)
        where T : unmanaged
    {
        var type = TypeOf<T>();
        if (capacity is < 0 or > MaxElements)
            throw new OnnxTensorException(type.ToString(), $"a capacity of {capacity} elements is outside 0 to {MaxElements}");
        return Own(runtime.Api, OrtMemory.Allocate(runtime.MemoryInfo, capacity * OnnxElement.Bytes(type)), type, capacity);
    }

    internal static OnnxTensor Wrap<T>(OnnxRuntime runtime, Memory<T> memory)
        where T : unmanaged
    {
        var type = TypeOf<T>();
        var pinned = memory.IsEmpty ? OrtMemory.Allocate(runtime.MemoryInfo, 0) : OrtMemory.Pin(runtime.MemoryInfo, memory);
        return Own(runtime.Api, pinned, type, memory.Length);
    }

    /// <summary>Gives the memory another shape. What stands in it stays.</summary>
    /// <exception cref="OnnxTensorException">The shape has more elements than the memory, or more dimensions than allowed.</exception>
    /// <exception cref="InvalidOperationException">A run is using the tensor.</exception>
    public void Reshape(params ReadOnlySpan<long> shape)
    {
        ObjectDisposedException.ThrowIf(_value.IsClosed, this);
        var length = Elements(shape);
        if (Interlocked.CompareExchange(ref _runs, Reshaping, 0) != 0)
            throw new InvalidOperationException("The tensor is in use by a run: reshape it when the run has ended.");
        try
        {
            var bytes = (long)Capacity * OnnxElement.Bytes(ElementType);
            _value.Replace(OrtTensors.Over(_api, _memory.Place, _memory.Address, bytes, shape, ElementType));
            shape.CopyTo(_shape);
            _rank = shape.Length;
            Length = length;
            Generation++;
        }
        finally
        {
            Volatile.Write(ref _runs, 0);
        }
    }

    /// <summary>The elements of the present shape, in row order. Valid until the tensor is disposed.</summary>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_value.IsClosed, this);
        if (OnnxElement.Of<T>() != ElementType)
            throw new OnnxTensorException(ElementType.ToString(), $"its elements are not {typeof(T).Name}");
        return OrtMemory.Span<T>(_memory.Address, Length);
    }

    public void Dispose()
    {
        _value.Dispose();
        _memory.Dispose();
    }

    /// <summary>Keeps the value alive and its shape fixed until <see cref="Leave"/>.</summary>
    internal void Enter()
    {
        int runs;
        do
        {
            runs = Volatile.Read(ref _runs);
            if (runs == Reshaping)
                throw new InvalidOperationException("The tensor is being reshaped by another thread.");
        }
        while (Interlocked.CompareExchange(ref _runs, runs + 1, runs) != runs);
        var added = false;
        try
        {
            _value.DangerousAddRef(ref added);
        }
        finally
        {
            if (!added)
                Interlocked.Decrement(ref _runs);
        }
    }

    internal void Leave()
    {
        Interlocked.Decrement(ref _runs);
        _value.DangerousRelease();
    }

    private static OnnxTensor Own(OrtApi api, OrtMemory memory, OnnxElementType type, long capacity)
    {
        try
        {
            return new OnnxTensor(api, memory, type, capacity);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private static OnnxElementType TypeOf<T>()
        where T : unmanaged
    {
        var type = OnnxElement.Of<T>();
        return type != OnnxElementType.Undefined
            ? type
            : throw new OnnxTensorException(typeof(T).Name, "ONNX has no such element type");
    }

    private int Elements(ReadOnlySpan<long> shape)
    {
        if (shape.Length > MaxRank)
            throw new OnnxTensorException(ElementType.ToString(), $"a shape of {shape.Length} dimensions exceeds {MaxRank}");
        long elements = 1;
        foreach (var size in shape)
        {
            // Each factor is at most 2^31, so a product that passed the check before cannot overflow with the next.
            if (size is < 0 or > MaxElements || (elements *= size) > Capacity)
            {
                throw new OnnxTensorException(
                    ElementType.ToString(),
                    $"the shape [{string.Join(", ", shape.ToArray())}] does not fit its capacity of {Capacity} elements");
            }
        }
        return elements <= Capacity
            ? (int)elements
            : throw new OnnxTensorException(ElementType.ToString(), "a scalar does not fit a tensor without capacity");
    }
}
