namespace SearchEngine.Models.Onnx.Loading;

/// <summary>A weight outside the model file, as the model says.</summary>
/// <param name="Location">A path relative to the model's folder.</param>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">Its bytes; null takes the rest of the file.</param>
internal readonly record struct ExternalData(string Location, long Offset, long? Length);
