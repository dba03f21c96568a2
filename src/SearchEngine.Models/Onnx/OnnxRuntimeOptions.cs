namespace SearchEngine.Models.Onnx;

/// <summary>Where ONNX Runtime's library is and how loud it is.</summary>
public sealed record OnnxRuntimeOptions
{
    /// <summary>The environment variable that names a library, or a folder with one.</summary>
    public const string PathVariable = "ONNXRUNTIME_PATH";

    /// <summary>
    /// A library, or a folder with one. Given here or by <see cref="PathVariable"/> it is the only place: a wrong path is an
    /// error and never falls through to another library.
    /// </summary>
    public string? LibraryPath { get; init; }

    /// <summary>Takes effect with the first runtime of the process: the library keeps one environment.</summary>
    public OnnxLogLevel LogLevel { get; init; } = OnnxLogLevel.Fatal;
}
