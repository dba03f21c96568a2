namespace SearchEngine.Collections.Documents;

/// <summary>Several vectors of one dimension, one per token.</summary>
/// <param name="Dimension">Elements per row, at least 1.</param>
/// <param name="Values">Row after row.</param>
public sealed record MultiVector(int Dimension, ReadOnlyMemory<float> Values)
{
    /// <summary>Whole rows.</summary>
    public int Rows => Values.Length / Dimension;

    public ReadOnlySpan<float> Row(int row) => Values.Span.Slice(row * Dimension, Dimension);
}
