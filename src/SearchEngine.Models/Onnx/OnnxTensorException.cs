namespace SearchEngine.Models.Onnx;

/// <summary>A tensor does not fit what the model declares or its own memory; the model was not run.</summary>
public sealed class OnnxTensorException(string tensor, string reason) : ArgumentException($"Tensor '{tensor}': {reason}")
{
    /// <summary>The name of the model's input or output, or what kind of tensor it was.</summary>
    public string Tensor { get; } = tensor;

    public string Reason { get; } = reason;
}
