namespace SearchEngine.Vectors.Quantization;

/// <summary>Length of a row, summed in double so that every machine normalises to the same bits.</summary>
internal static class RowNorm
{
    /// <returns>The length; not finite when a value is not, or when it overflows a float.</returns>
    public static float Of(ReadOnlySpan<float> row)
    {
        // Four independent sums: one would wait four cycles for every element.
        double a = 0, b = 0, c = 0, d = 0;
        int j = 0;
        for (; j + 4 <= row.Length; j += 4)
        {
            a += (double)row[j] * row[j];
            b += (double)row[j + 1] * row[j + 1];
            c += (double)row[j + 2] * row[j + 2];
            d += (double)row[j + 3] * row[j + 3];
        }
        for (; j < row.Length; j++)
        {
            a += (double)row[j] * row[j];
        }
        return (float)Math.Sqrt(a + b + (c + d));
    }

    public static void Divide(ReadOnlySpan<float> row, float norm, Span<float> destination)
    {
        double inverse = 1.0 / norm;
        for (int j = 0; j < row.Length; j++)
        {
            destination[j] = (float)(row[j] * inverse);
        }
    }
}
