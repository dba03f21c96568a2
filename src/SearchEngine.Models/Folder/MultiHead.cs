namespace SearchEngine.Models.Folder;

/// <summary>One unit vector per token of the text, special tokens left out.</summary>
/// <param name="Output">The ONNX output [batch, sequence, dimension].</param>
public sealed record MultiHead(string Output, int Dimension);
