namespace SearchEngine.Vectors;

/// <summary>Rows in one block of memory, row after row.</summary>
public sealed class FloatRowSource : IRowSource
{
    private readonly ReadOnlyMemory<float> _values;

    public FloatRowSource(ReadOnlyMemory<float> values, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (values.Length % dimension != 0)
        {
            throw new ArgumentException($"{values.Length} values are not a whole number of rows of {dimension}.", nameof(values));
        }
        _values = values;
        Dimension = dimension;
        Count = values.Length / dimension;
    }

    public int Count { get; }

    public int Dimension { get; }

    public void CopyRow(int row, Span<float> destination) =>
        _values.Span.Slice(row * Dimension, Dimension).CopyTo(destination);
}
