using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Multi;

/// <summary>Refuses multi vectors that could not be stored or have no score, and says which row it is.</summary>
internal static class MultiCheck
{
    private const string Fix = "Look at the encoder that made them.";

    /// <summary>Squares of larger elements could overflow a length.</summary>
    private const float LargestElement = 1e16f;

    private static readonly float LargestHalf = (float)Half.MaxValue;

    /// <summary>Rows of a document.</summary>
    /// <exception cref="CollectionException">FieldRequired, DimensionMismatch, LimitExceeded, VectorNotFinite, VectorZero, VectorRange.</exception>
    public static void Document(MultiSchema schema, MultiVector vector, string field)
    {
        Shape(schema, vector, MultiSchema.MaxRows, field);
        if (vector.Values.Length > MultiSchema.MaxElements)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, field,
                $"The rows have {vector.Values.Length} elements together, {MultiSchema.MaxElements} are possible.", "Send fewer rows.");
        }
        for (int row = 0; row < vector.Rows; row++)
        {
            Values(schema, vector.Row(row), row, field);
            if (schema.StoredType == StoredType.Int8)
            {
                Bytes(vector.Row(row), row, field);
            }
        }
    }

    /// <summary>Rows to search with.</summary>
    /// <exception cref="CollectionException">As <see cref="Document"/>.</exception>
    public static void Query(MultiSchema schema, MultiVector vector, string field)
    {
        Shape(schema, vector, MultiSchema.MaxQueryRows, field);
        for (int row = 0; row < vector.Rows; row++)
        {
            Values(schema, vector.Row(row), row, field);
        }
    }

    private static void Shape(MultiSchema schema, MultiVector vector, int most, string field)
    {
        if (vector.Dimension != schema.Dimension)
        {
            throw new CollectionException(
                CollectionError.DimensionMismatch, field,
                $"The rows have {vector.Dimension} elements, vector \"{schema.Name}\" of the collection has {schema.Dimension}.",
                "Send rows of the collection's encoder.")
            {
                Expected = Number(schema.Dimension),
                Actual = Number(vector.Dimension),
            };
        }
        if (vector.Values.IsEmpty || vector.Values.Length % vector.Dimension != 0)
        {
            throw new CollectionException(
                CollectionError.FieldRequired, field,
                $"{vector.Values.Length} elements are not whole rows of {vector.Dimension}, at least one.", "Send at least one row.");
        }
        if (vector.Rows > most)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, field, $"The vector has {vector.Rows} rows, {most} are possible.", "Send fewer rows.");
        }
    }

    private static void Values(MultiSchema schema, ReadOnlySpan<float> row, int at, string field)
    {
        float largest = 0;
        for (int i = 0; i < row.Length; i++)
        {
            if (!float.IsFinite(row[i]))
            {
                throw new CollectionException(
                    CollectionError.VectorNotFinite, field, $"Element {i} of row {at} is {row[i]}.", "Send finite values. " + Fix);
            }
            largest = Math.Max(largest, Math.Abs(row[i]));
        }
        if (largest == 0 && schema.Metric == VectorMetric.Cosine)
        {
            throw new CollectionException(
                CollectionError.VectorZero, field, $"All elements of row {at} are 0, and a zero vector has no cosine with anything.",
                "Leave out rows of padding. " + Fix);
        }
        float most = schema.Metric == VectorMetric.Cosine ? LargestElement : LargestHalf;
        if (largest > most)
        {
            throw new CollectionException(
                CollectionError.VectorRange, field, $"Row {at} has an element of magnitude {largest}, up to {most} are possible.",
                "Scale the rows. " + Fix);
        }
    }

    private static void Bytes(ReadOnlySpan<float> row, int at, string field)
    {
        foreach (float value in row)
        {
            if (value is < sbyte.MinValue or > sbyte.MaxValue || value != MathF.Truncate(value))
            {
                throw new CollectionException(
                    CollectionError.VectorRange, field,
                    $"Row {at} has the element {value}, and the rows are stored as whole numbers from -128 to 127.",
                    "Send signed bytes with a scale of 1, or store the vector as float16.");
            }
        }
    }

    private static string Number(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
