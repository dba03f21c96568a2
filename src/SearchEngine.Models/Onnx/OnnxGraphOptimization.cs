namespace SearchEngine.Models.Onnx;

/// <summary>How far ONNX Runtime rewrites a graph when it opens it.</summary>
public enum OnnxGraphOptimization
{
    None = 0,
    Basic = 1,
    Extended = 2,
    Layout = 3,
    All = 99,
}
