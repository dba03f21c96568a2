namespace SearchEngine.Models.Onnx.Loading;

/// <summary>What the walk over a model file collects.</summary>
internal sealed class ModelSummary
{
    public int Graphs { get; set; }

    public int Nodes { get; set; }

    /// <summary>Where weights outside the model file stand, in the order of the file.</summary>
    public List<ExternalData> External { get; } = [];
}
