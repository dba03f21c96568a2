namespace SearchEngine.Models.Folder;

/// <summary>Which build of an export to open: exports often come with several ONNX files for the same weights.</summary>
public enum ModelVariant
{
    /// <summary>model.onnx, in float32.</summary>
    Full,

    /// <summary>model_fp16.onnx.</summary>
    Float16,

    /// <summary>Dynamic int8: model_quantized.onnx, model_int8.onnx, or a model_qint8_… for this machine.</summary>
    Int8,
}
