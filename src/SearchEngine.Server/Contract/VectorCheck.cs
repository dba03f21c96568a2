using System.Globalization;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Contract;

/// <summary>Refuses vectors whose values could not be stored or have no score, and says which element it is.</summary>
internal static class VectorCheck
{
    private const string Fix = "Look at the encoder that made the vector.";

    public static void Finite(ReadOnlySpan<float> values, string path)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw At(Wire.ErrorReason.VectorNotFinite, path, i, $"Element {i} of the vector is {Shown(values[i])}.", Fix, values[i]);
            }
        }
    }

    /// <param name="values">Finite.</param>
    public static void Scored(ReadOnlySpan<float> values, VectorSchema schema, string path)
    {
        if (schema.Metric == VectorMetric.Cosine && values.IndexOfAnyExcept(0f) < 0)
        {
            throw Refusal.Of(
                Wire.ErrorReason.VectorZero, path, "All elements of the vector are 0, and a zero vector has no cosine with anything.", Fix);
        }
        if (schema.StoredType != StoredType.Int8)
        {
            return;
        }
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is < sbyte.MinValue or > sbyte.MaxValue || values[i] != MathF.Truncate(values[i]))
            {
                throw At(
                    Wire.ErrorReason.VectorRange, path, i, $"Element {i} is {Shown(values[i])}, and vector \"{schema.Name}\" is stored as whole numbers from -128 to 127.",
                    "Send signed bytes with a scale of 1, or store the vector as FLOAT16.", values[i]);
            }
        }
    }

    private static Rpc.RpcException At(Wire.ErrorReason reason, string path, int index, string what, string fix, float value) =>
        Refusal.Of(reason, path, what, fix, actual: Shown(value)).With("index", Refusal.Number(index));

    private static string Shown(float value) => value.ToString(CultureInfo.InvariantCulture);
}
