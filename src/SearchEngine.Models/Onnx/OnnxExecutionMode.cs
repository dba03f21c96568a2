namespace SearchEngine.Models.Onnx;

/// <summary>Whether independent nodes of one run may run at the same time.</summary>
public enum OnnxExecutionMode
{
    Sequential = 0,
    Parallel = 1,
}
