using System.Numerics;
using System.Runtime.InteropServices;
using SearchEngine.Models.Folder;

namespace SearchEngine.Models.Inference;

/// <summary>
/// Token states to one vector. Pure, and in one order of additions whatever the batch, so that equal states give equal bits.
/// States are the rows of the tokens that count; padding is cut off before.
/// </summary>
public static class Pooling
{
    /// <param name="states">Rows of <paramref name="vector"/>.Length elements, one per token.</param>
    /// <exception cref="ArgumentException">There is no token, or the rows do not divide.</exception>
    public static void Pool(PoolingMode mode, ReadOnlySpan<float> states, Span<float> vector)
    {
        if (vector.IsEmpty || states.IsEmpty || states.Length % vector.Length != 0)
            throw new ArgumentException($"{states.Length} elements are not rows of {vector.Length}.", nameof(states));
        switch (mode)
        {
            case PoolingMode.Mean:
                Mean(states, vector);
                break;
            case PoolingMode.Last:
                states[^vector.Length..].CopyTo(vector);
                break;
            default:
                states[..vector.Length].CopyTo(vector);
                break;
        }
    }

    /// <summary>Divides by the length. A zero vector stays zero: it has no direction.</summary>
    public static void Normalize(Span<float> vector)
    {
        var sum = 0.0;
        foreach (var x in vector)
            sum += (double)x * x;
        if (sum > 0)
            Scale(vector, (float)(1 / Math.Sqrt(sum)));
    }

    /// <summary>Probabilities of classes from their logits.</summary>
    public static void Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        var greatest = float.NegativeInfinity;
        foreach (var logit in logits)
            greatest = Math.Max(greatest, logit);
        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            var part = Math.Exp(logits[i] - greatest);
            probabilities[i] = (float)part;
            sum += part;
        }
        Scale(probabilities[..logits.Length], (float)(1 / sum));
    }

    /// <summary>A logit as a probability.</summary>
    public static float Sigmoid(float logit) => (float)(1 / (1 + Math.Exp(-(double)logit)));

    private static void Mean(ReadOnlySpan<float> states, Span<float> vector)
    {
        vector.Clear();
        var lanes = MemoryMarshal.Cast<float, Vector<float>>(vector);
        for (var start = 0; start < states.Length; start += vector.Length)
        {
            var row = states.Slice(start, vector.Length);
            var rowLanes = MemoryMarshal.Cast<float, Vector<float>>(row);
            for (var i = 0; i < lanes.Length; i++)
                lanes[i] += rowLanes[i];
            for (var i = lanes.Length * Vector<float>.Count; i < vector.Length; i++)
                vector[i] += row[i];
        }
        Scale(vector, (float)vector.Length / states.Length);
    }

    private static void Scale(Span<float> vector, float factor)
    {
        for (var i = 0; i < vector.Length; i++)
            vector[i] *= factor;
    }
}
