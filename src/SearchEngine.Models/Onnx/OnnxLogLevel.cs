namespace SearchEngine.Models.Onnx;

/// <summary>What ONNX Runtime writes to standard error on its own. Errors come back as exceptions at every level.</summary>
public enum OnnxLogLevel
{
    Verbose = 0,
    Info = 1,
    Warning = 2,
    Error = 3,
    Fatal = 4,
}
