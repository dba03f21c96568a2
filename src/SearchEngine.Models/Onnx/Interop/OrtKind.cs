namespace SearchEngine.Models.Onnx.Interop;

/// <summary>The kinds of native object that this process owns; each is released by its own function.</summary>
internal enum OrtKind
{
    Environment,
    MemoryInfo,
    SessionOptions,
    Session,
    RunOptions,
    Value,
    TypeInfo,
    ShapeInfo,
    Metadata,
    CudaOptions,
    IoBinding,
}
