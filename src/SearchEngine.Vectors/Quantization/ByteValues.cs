namespace SearchEngine.Vectors.Quantization;

/// <summary>Rows of data that already are signed bytes: whole numbers from -128 to 127.</summary>
internal static class ByteValues
{
    /// <summary>Bytes of a query go to 127 on both sides; a whole query within is scored exactly.</summary>
    private const float MostOfQuery = 127f;

    /// <summary>How far from a whole number a value may be after it was divided by the query's length.</summary>
    private const float Rounding = 1e-3f;

    /// <exception cref="ArgumentException">A value is no signed byte; the message names it.</exception>
    public static void Check(ReadOnlySpan<float> row)
    {
        for (int j = 0; j < row.Length; j++)
        {
            if (!(row[j] is >= sbyte.MinValue and <= sbyte.MaxValue && MathF.Truncate(row[j]) == row[j]))
            {
                throw new ArgumentException(
                    $"Value {j} is {row[j]}: rows stored as Int8 are whole numbers from -128 to 127. Store others as Float16 or Float32.");
            }
        }
    }

    /// <summary>Whether a query consists of whole multiples of <paramref name="unit"/> that fit bytes.</summary>
    public static bool AreMultiples(ReadOnlySpan<float> query, float unit)
    {
        foreach (float x in query)
        {
            float steps = x / unit;
            if (!(MathF.Abs(steps) <= MostOfQuery + Rounding && MathF.Abs(steps - MathF.Round(steps)) <= Rounding))
            {
                return false;
            }
        }
        return true;
    }
}
