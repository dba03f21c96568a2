using SearchEngine.Training.Corpus;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Reranking;

/// <summary>
/// What a pair is scored by, as the exported graph computes it. For every piece of the query how often it stands in the document,
/// saturated as in BM25, and how many pieces lie at several degrees of nearness (kernel pooling, Xiong et al. 2017); each averaged
/// over the query by rarity. Beside them the nearest piece, the cosine of the two sums, and the length.
/// </summary>
internal sealed class PairFeatures(PairTable table)
{
    /// <summary>Cosines that kernels stand at.</summary>
    public static readonly float[] Centres = [0.9f, 0.7f, 0.5f, 0.3f];

    /// <summary>-1 / (2 * 0.1^2): kernels of width 0.1.</summary>
    public const float Sharpness = -50f;

    public const float Saturation = 1.2f, LengthShare = 0.75f;

    public static readonly int Count = Centres.Length + 4;

    /// <summary>Keeps divisions finite for empty texts.</summary>
    public const float Least = 1e-6f;

    public float[] Of(TokenBag query, TokenBag document)
    {
        var (features, soft) = (new float[Count], new float[Centres.Length]);
        var (total, length) = (Least, 0f);
        foreach (var count in document.Counts)
            length += count;
        var scale = Saturation * (1 - LengthShare + LengthShare * length / table.MeanLength);
        for (var i = 0; i < query.Ids.Length; i++)
        {
            var weight = query.Counts[i] * table.Rarity[query.Ids[i]];
            total += weight;
            var (exact, nearest) = Compare(query.Ids[i], document, soft);
            features[0] += weight * exact / (exact + scale);
            features[1] += weight * nearest;
            for (var kernel = 0; kernel < soft.Length; kernel++)
                features[2 + kernel] += weight * MathF.Log(1 + soft[kernel]);
        }
        Lanes.Scale(features, 1 / total);
        features[^2] = Cosine(query, document);
        features[^1] = MathF.Log(1 + length) - MathF.Log(1 + table.MeanLength);
        return features;
    }

    private (float Exact, float Nearest) Compare(int piece, TokenBag document, float[] soft)
    {
        Array.Clear(soft);
        var (exact, nearest) = (0f, 0f);
        for (var i = 0; i < document.Ids.Length; i++)
        {
            if (document.Ids[i] == piece)
                exact = document.Counts[i];
            var cosine = Lanes.Dot(table.Unit(piece), table.Unit(document.Ids[i]));
            nearest = MathF.Max(nearest, cosine);
            for (var kernel = 0; kernel < soft.Length; kernel++)
            {
                var far = cosine - Centres[kernel];
                soft[kernel] += document.Counts[i] * MathF.Exp(Sharpness * far * far);
            }
        }
        return (exact, nearest);
    }

    private float Cosine(TokenBag query, TokenBag document)
    {
        var (left, right) = (Sum(query, Side.Query), Sum(document, Side.Document));
        return Lanes.Dot(left, right) / MathF.Max(Lanes.Length(left) * Lanes.Length(right), Least);
    }

    private float[] Sum(TokenBag text, Side side)
    {
        var sum = new float[table.Width];
        for (var i = 0; i < text.Ids.Length; i++)
            table.AddTo(sum, side, text.Ids[i], text.Counts[i]);
        return sum;
    }
}
