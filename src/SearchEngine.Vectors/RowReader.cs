using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>Reads rows as they are stored: checked, normalised for cosine; and rotated. Any thread.</summary>
internal sealed class RowReader(IRowSource rows, SegmentOptions options, int[] cuts)
{
    private readonly Rotation _rotation = options.Truth == ElementType.Int8
        ? Rotation.None(rows.Dimension, cuts)
        : new Rotation(rows.Dimension, cuts, options.Seed);
    private readonly ThreadLocal<float[]> _row = new(() => new float[rows.Dimension]);

    /// <returns>The length the row had before it was normalised.</returns>
    public float Read(int row, Span<float> destination)
    {
        rows.CopyRow(row, destination);
        float norm = RowNorm.Of(destination);
        if (!float.IsFinite(norm))
        {
            throw new ArgumentException($"Row {row} has a value that is not finite, or its length overflows; such a row cannot be ranked.");
        }
        if (options.Truth == ElementType.Int8)
        {
            CheckBytes(row, destination);
            return norm;
        }
        // A zero row stays zero: its cosine with anything is taken as 0.
        if (options.Metric == Metric.Cosine && norm > 0)
        {
            RowNorm.Divide(destination, norm, destination);
        }
        return norm;
    }

    /// <returns>The length the row had before it was normalised.</returns>
    public float ReadRotated(int row, Span<float> rotated)
    {
        float[] values = _row.Value!;
        float norm = Read(row, values);
        _rotation.Apply(values, rotated);
        return norm;
    }

    private static void CheckBytes(int row, ReadOnlySpan<float> values)
    {
        try
        {
            ByteValues.Check(values);
        }
        catch (ArgumentException cause)
        {
            throw new ArgumentException($"Row {row}: {cause.Message}", cause);
        }
    }
}
