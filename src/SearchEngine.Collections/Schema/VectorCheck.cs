namespace SearchEngine.Collections.Schema;

/// <summary>Refuses vectors that have no score, whether they are stored or searched with.</summary>
internal static class VectorCheck
{
    public static void Values(VectorMetric metric, ReadOnlySpan<float> values, string field)
    {
        bool zero = true;
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new CollectionException(
                    CollectionError.VectorNotFinite, field, $"Element {i} of the vector is {values[i]}.",
                    "Send finite values; look at the encoder that made them.");
            }
            zero &= values[i] == 0;
        }
        if (zero && metric == VectorMetric.Cosine)
        {
            throw new CollectionException(
                CollectionError.VectorZero, field, "All elements of the vector are 0, and a zero vector has no cosine with anything.",
                "Look at the encoder that made it.");
        }
    }
}
