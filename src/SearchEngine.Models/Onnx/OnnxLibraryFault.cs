namespace SearchEngine.Models.Onnx;

/// <summary>Why no ONNX Runtime serves.</summary>
public enum OnnxLibraryFault
{
    /// <summary>No library stands in any of the places that were tried.</summary>
    NotFound,

    /// <summary>A file stands there and is no ONNX Runtime for this machine.</summary>
    NotLoadable,

    /// <summary>It is an ONNX Runtime from before the functions that are needed.</summary>
    TooOld,
}
