namespace SearchEngine.Models.Folder;

/// <summary>One vector per text.</summary>
/// <param name="Output">The ONNX output: token states [batch, sequence, dimension], or vectors where the model pools itself.</param>
/// <param name="Dimension">Elements of the full vector.</param>
/// <param name="AllowedDimensions">Shorter prefixes that are vectors in their own right, ascending, the full one not repeated.</param>
public sealed record DenseHead(string Output, int Dimension, IReadOnlyList<int> AllowedDimensions);
