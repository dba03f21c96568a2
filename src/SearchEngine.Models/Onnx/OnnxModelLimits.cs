namespace SearchEngine.Models.Onnx;

/// <summary>Bounds of what is opened as a model. A file over a bound is refused before it is read.</summary>
public sealed record OnnxModelLimits
{
    public static readonly OnnxModelLimits Default = new();

    /// <summary>The model file itself. The format (protobuf) ends at 2 GiB; larger weights stand in external files.</summary>
    public long ModelBytes { get; init; } = int.MaxValue;

    /// <summary>All external weight files together.</summary>
    public long ExternalBytes { get; init; } = 64L << 30;

    /// <summary>Nodes of the graph and its subgraphs together.</summary>
    public int Nodes { get; init; } = 1_000_000;
}
