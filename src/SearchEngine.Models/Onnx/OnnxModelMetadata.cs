namespace SearchEngine.Models.Onnx;

/// <summary>What a model file says of itself.</summary>
/// <param name="Producer">The tool that wrote it.</param>
/// <param name="GraphName">The name of its graph.</param>
/// <param name="Domain">The model's name space.</param>
/// <param name="Description">Free text.</param>
/// <param name="Version">The model's own version number.</param>
/// <param name="Custom">Free keys and values.</param>
public sealed record OnnxModelMetadata(
    string Producer,
    string GraphName,
    string Domain,
    string Description,
    long Version,
    IReadOnlyDictionary<string, string> Custom);
