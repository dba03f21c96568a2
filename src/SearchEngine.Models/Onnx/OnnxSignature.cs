namespace SearchEngine.Models.Onnx;

/// <summary>
/// Checks tensors against what a model declares before a run: element type, number of dimensions, fixed sizes, and that a
/// symbol (batch, sequence) has one size everywhere. ONNX Runtime would find most of it too, but late and in its own words.
/// </summary>
internal sealed class OnnxSignature
{
    private const long Unknown = -1;

    private readonly IReadOnlyList<OnnxTensorInfo> _inputs;
    private readonly IReadOnlyList<OnnxTensorInfo> _outputs;
    private readonly int[][] _inputSymbols;
    private readonly int[][] _outputSymbols;

    public OnnxSignature(IReadOnlyList<OnnxTensorInfo> inputs, IReadOnlyList<OnnxTensorInfo> outputs)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        _inputs = inputs;
        _outputs = outputs;
        _inputSymbols = [.. inputs.Select(i => Number(i, numbers))];
        _outputSymbols = [.. outputs.Select(o => Number(o, numbers))];
        Symbols = numbers.Count;
    }

    /// <summary>How many different symbols there are.</summary>
    public int Symbols { get; }

    public static void Forget(Span<long> sizes) => sizes.Fill(Unknown);

    public void CheckInput(int index, OnnxTensor tensor, Span<long> sizes) =>
        Check(_inputs[index], _inputSymbols[index], tensor, sizes);

    public void CheckOutput(int index, OnnxTensor tensor, Span<long> sizes) =>
        Check(_outputs[index], _outputSymbols[index], tensor, sizes);

    private static int[] Number(OnnxTensorInfo info, Dictionary<string, int> numbers) =>
        [.. info.Dimensions.Select(d =>
        {
            if (d.Size != null || d.Symbol.Length == 0)
                return -1;
            if (!numbers.TryGetValue(d.Symbol, out var number))
                numbers.Add(d.Symbol, number = numbers.Count);
            return number;
        })];

    private static void Check(OnnxTensorInfo info, int[] symbols, OnnxTensor tensor, Span<long> sizes)
    {
        if (tensor.ElementType != info.ElementType)
        {
            throw new OnnxTensorException(
                info.Name, $"the model wants {info.ElementType}, and the tensor has {tensor.ElementType}");
        }
        var shape = tensor.Shape;
        if (shape.Length != symbols.Length)
            throw Misfit(info, shape, $"has {shape.Length} dimensions");
        for (var i = 0; i < symbols.Length; i++)
        {
            if (symbols[i] < 0)
            {
                if (info.Dimensions[i].Size is { } size && size != shape[i])
                    throw Misfit(info, shape, $"has {shape[i]} in place of {size}");
                continue;
            }
            ref var known = ref sizes[symbols[i]];
            if (known == Unknown)
                known = shape[i];
            else if (known != shape[i])
                throw Misfit(info, shape, $"has {info.Dimensions[i].Symbol} = {shape[i]}, which another tensor sets to {known}");
        }
    }

    private static OnnxTensorException Misfit(OnnxTensorInfo info, ReadOnlySpan<long> shape, string what) => new(
        info.Name,
        $"the model wants [{string.Join(", ", info.Dimensions)}], "
        + $"and the tensor's shape [{string.Join(", ", shape.ToArray())}] {what}");
}
