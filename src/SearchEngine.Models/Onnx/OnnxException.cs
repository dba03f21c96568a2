namespace SearchEngine.Models.Onnx;

/// <summary>ONNX Runtime refused or failed a call; code and text are its own.</summary>
public sealed class OnnxException(OnnxErrorCode code, string text) : Exception($"ONNX Runtime: {code}: {text}")
{
    public OnnxErrorCode Code { get; } = code;

    /// <summary>What the library said, without the code.</summary>
    public string Text { get; } = text;
}
