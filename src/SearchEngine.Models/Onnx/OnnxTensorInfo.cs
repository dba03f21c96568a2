namespace SearchEngine.Models.Onnx;

/// <summary>What a model declares of one input or output.</summary>
/// <param name="Name">The name in the graph.</param>
/// <param name="ElementType"><see cref="OnnxElementType.Undefined"/> where it is no tensor.</param>
/// <param name="Dimensions">Empty for a scalar.</param>
public sealed record OnnxTensorInfo(string Name, OnnxElementType ElementType, IReadOnlyList<OnnxDimension> Dimensions)
{
    public bool IsTensor => ElementType != OnnxElementType.Undefined;

    public override string ToString() => $"{Name}: {ElementType}[{string.Join(", ", Dimensions)}]";
}
