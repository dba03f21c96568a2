namespace SearchEngine.Models.Onnx;

/// <summary>A model was refused, before ONNX Runtime saw it or by ONNX Runtime; nothing of it is loaded.</summary>
public sealed class OnnxModelException : Exception
{
    public OnnxModelException(string model, string reason, Exception? inner = null)
        : base($"The model {model} was refused: {reason}", inner)
    {
        Model = model;
        Reason = reason;
    }

    /// <summary>The file, or how the model was handed over.</summary>
    public string Model { get; }

    public string Reason { get; }
}
