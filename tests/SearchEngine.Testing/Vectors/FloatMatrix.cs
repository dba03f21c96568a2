namespace SearchEngine.Testing.Vectors;

/// <summary>Rows of float32, row-major, in one array.</summary>
public sealed class FloatMatrix
{
    public FloatMatrix(float[] values, int count, int dim)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)count * dim)
        {
            throw new ArgumentException($"{values.LongLength} values are not {count} rows of {dim}.", nameof(values));
        }

        Values = values;
        Count = count;
        Dim = dim;
    }

    public FloatMatrix(int count, int dim)
        : this(new float[checked((long)count * dim)], count, dim)
    {
    }

    public float[] Values { get; }

    public int Count { get; }

    public int Dim { get; }

    public Span<float> Row(int index) => Values.AsSpan(checked(index * Dim), Dim);

    /// <summary>
    /// Rows of another length hold only the first <paramref name="dim"/> coordinates, as a Matryoshka prefix does.
    /// </summary>
    public FloatMatrix Prefix(int dim)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dim, Dim);
        var prefix = new FloatMatrix(Count, dim);
        for (int i = 0; i < Count; i++)
        {
            Row(i)[..dim].CopyTo(prefix.Row(i));
        }

        return prefix;
    }
}
