using SearchEngine.Training.Corpus;
using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Learning;

/// <summary>From pieces to vectors, as the exported graph computes it.</summary>
internal static class EncoderForward
{
    /// <summary>Keeps a division finite where a text has no direction; the graph has the same.</summary>
    private const float LeastLength = 1e-9f;

    /// <summary>The weighted sum of a text's embeddings.</summary>
    public static void Pool(EncoderParameters parameters, TokenBag text, Side side, Span<float> sum)
    {
        sum.Clear();
        var weights = parameters.LogWeights[(int)side];
        for (var i = 0; i < text.Ids.Length; i++)
            Lanes.AddScaled(sum, parameters.Row(text.Ids[i]), text.Counts[i] * MathF.Exp(weights[text.Ids[i]]));
    }

    /// <summary>What the side's head makes of a sum.</summary>
    public static void ApplyHead(EncoderParameters parameters, Side side, ReadOnlySpan<float> sum, Span<float> vector)
    {
        sum.CopyTo(vector);
        for (var i = 0; i < sum.Length; i++)
        {
            if (sum[i] != 0)
                Lanes.AddScaled(vector, parameters.HeadRow(side, i), sum[i]);
        }
    }

    public static void Normalize(Span<float> vector) => Lanes.Scale(vector, 1 / MathF.Max(Lanes.Length(vector), LeastLength));

    /// <summary>Unit vectors of texts, one behind the other.</summary>
    public static float[] Encode(EncoderParameters parameters, IReadOnlyList<TokenBag> texts, Side side, Workers workers)
    {
        var dimension = parameters.Dimension;
        var vectors = new float[checked(texts.Count * dimension)];
        workers.For(texts.Count, () => new float[dimension], (i, sum) =>
        {
            var vector = vectors.AsSpan(i * dimension, dimension);
            Pool(parameters, texts[i], side, sum);
            ApplyHead(parameters, side, sum, vector);
            Normalize(vector);
        });
        return vectors;
    }
}
