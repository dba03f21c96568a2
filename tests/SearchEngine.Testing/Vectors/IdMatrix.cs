namespace SearchEngine.Testing.Vectors;

/// <summary>Rows of row numbers, best first: the exact answer of each query.</summary>
public sealed class IdMatrix
{
    public IdMatrix(int[] values, int count, int width)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)count * width)
        {
            throw new ArgumentException($"{values.LongLength} ids are not {count} rows of {width}.", nameof(values));
        }

        Values = values;
        Count = count;
        Width = width;
    }

    public IdMatrix(int count, int width)
        : this(new int[checked((long)count * width)], count, width)
    {
    }

    public int[] Values { get; }

    public int Count { get; }

    public int Width { get; }

    public Span<int> Row(int index) => Values.AsSpan(checked(index * Width), Width);
}
