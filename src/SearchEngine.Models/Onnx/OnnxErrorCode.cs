namespace SearchEngine.Models.Onnx;

/// <summary>ONNX Runtime's own error codes.</summary>
public enum OnnxErrorCode
{
    Ok = 0,
    Fail = 1,
    InvalidArgument = 2,
    NoSuchFile = 3,
    NoModel = 4,
    EngineError = 5,
    RuntimeException = 6,
    InvalidProtobuf = 7,
    ModelLoaded = 8,
    NotImplemented = 9,
    InvalidGraph = 10,
    ProviderFail = 11,
    ModelLoadCancelled = 12,
    ModelRequiresCompilation = 13,
    NotFound = 14,
}
