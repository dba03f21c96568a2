namespace SearchEngine.Models.Onnx;

/// <summary>The nodes of one provider.</summary>
/// <param name="Provider">ONNX Runtime's name for it, such as CPUExecutionProvider.</param>
/// <param name="Nodes">How many nodes it runs, counted after the basic graph rewrites.</param>
/// <param name="Operators">The same by operator.</param>
public sealed record OnnxProviderNodes(string Provider, int Nodes, IReadOnlyDictionary<string, int> Operators);
