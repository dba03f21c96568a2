using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Contract;

/// <summary>Refuses vectors whose values could not be stored or have no score, and says which element it is.</summary>
internal static class VectorCheck
{
    private const string Fix = "Look at the encoder that made the vector.";

    // Without their sign, floats are ordered as the integers of the same bits; what is not finite comes last.
    private const int Infinity = 0x7F800000;
    private const int Magnitude = 0x7FFFFFFF;

    // Squares of larger elements could overflow a length.
    private const float LargestSafeElement = 1e16f;

    private static readonly float LargestHalf = (float)Half.MaxValue;

    public static void Finite(ReadOnlySpan<float> values, string path)
    {
        if (Largest(values) < Infinity)
        {
            return;
        }
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
        int largest = Largest(values);
        if (schema.Metric == VectorMetric.Cosine && largest == 0)
        {
            throw Refusal.Of(
                Wire.ErrorReason.VectorZero, path, "All elements of the vector are 0, and a zero vector has no cosine with anything.", Fix);
        }
        if (schema.StoredType == StoredType.Int8)
        {
            CheckBytes(values, schema, path);
        }
        else if (largest > BitConverter.SingleToInt32Bits(LimitOf(schema.Metric)))
        {
            int at = IndexOfMagnitude(values, largest);
            throw At(
                Wire.ErrorReason.VectorRange, path, at, $"Element {at} is {Shown(values[at])}, beyond what vector \"{schema.Name}\" stores.",
                $"Scale vectors so that no element is beyond {Shown(LimitOf(schema.Metric))}.", values[at]);
        }
    }

    // Directions are stored for cosine, elements as float16 otherwise.
    private static float LimitOf(VectorMetric metric) => metric == VectorMetric.Cosine ? LargestSafeElement : LargestHalf;

    private static void CheckBytes(ReadOnlySpan<float> values, VectorSchema schema, string path)
    {
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

    /// <summary>The largest magnitude, as its bits: one pass tells zero, too large and not finite apart.</summary>
    private static int Largest(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(values);
        int largest = 0;
        int at = 0;
        if (bits.Length >= Vector<int>.Count)
        {
            var found = Vector<int>.Zero;
            var magnitude = new Vector<int>(Magnitude);
            for (; at <= bits.Length - Vector<int>.Count; at += Vector<int>.Count)
            {
                found = Vector.Max(found, new Vector<int>(bits[at..]) & magnitude);
            }
            for (int lane = 0; lane < Vector<int>.Count; lane++)
            {
                largest = Math.Max(largest, found[lane]);
            }
        }
        for (; at < bits.Length; at++)
        {
            largest = Math.Max(largest, bits[at] & Magnitude);
        }
        return largest;
    }

    private static int IndexOfMagnitude(ReadOnlySpan<float> values, int bits)
    {
        int at = 0;
        while ((BitConverter.SingleToInt32Bits(values[at]) & Magnitude) != bits)
        {
            at++;
        }
        return at;
    }

    private static Rpc.RpcException At(Wire.ErrorReason reason, string path, int index, string what, string fix, float value) =>
        Refusal.Of(reason, path, what, fix, actual: Shown(value)).With("index", Refusal.Number(index));

    private static string Shown(float value) => value.ToString(CultureInfo.InvariantCulture);
}
