using SearchEngine.Training.Corpus;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Numerics;
using SearchEngine.Training.Vocabulary;

namespace SearchEngine.Training.Reranking;

/// <summary>
/// What a pair is scored by, as the exported graph computes it. For every piece of the query how often it stands in the document,
/// saturated as in BM25, the nearest piece, and how many lie at several degrees of nearness (kernel pooling, Xiong et al. 2017);
/// each averaged over the query by rarity. Beside them neighbours of the query that are neighbours in the document, the cosine of the
/// two vectors, and the length.
/// </summary>
internal sealed class PairFeatures(PairTable table)
{
    /// <summary>Places of features that others name; the kernels stand between <see cref="Nearest"/> and <see cref="Cosine"/>.</summary>
    public const int Matches = 0, Neighbours = 1, Nearest = 2, FirstKernel = 3;

    /// <summary>Cosines that kernels stand at.</summary>
    public static readonly float[] Centres = [0.9f, 0.7f, 0.5f, 0.3f];

    /// <summary>-1 / (2 * 0.1^2): kernels of width 0.1.</summary>
    public const float Sharpness = -50f;

    public const float Saturation = 1.2f, LengthShare = 0.75f;

    public static readonly int Cosine = FirstKernel + Centres.Length;

    public static readonly int Length = Cosine + 1;

    public static readonly int Count = Length + 1;

    /// <summary>Keeps divisions finite for empty texts.</summary>
    public const float Least = 1e-6f;

    private readonly PairTerms _terms = table.Terms;

    public float[] Of(TokenBag query, TokenBag document)
    {
        var (features, soft) = (new float[Count], new float[Centres.Length]);
        var (total, length) = (Least, 0f);
        for (var i = 0; i < document.Ids.Length; i++)
            length += IsMatched(document.Ids[i]) ? document.Counts[i] : 0;
        var scale = Saturation * (1 - LengthShare + LengthShare * length / _terms.MeanLength);
        for (var i = 0; i < query.Ids.Length; i++)
        {
            var weight = query.Counts[i] * _terms.Rarity[query.Ids[i]];
            if (weight == 0)
                continue;
            total += weight;
            var (exact, nearest) = Compare(query.Ids[i], document, soft);
            features[Matches] += weight * exact / (exact + scale);
            features[Nearest] += weight * nearest;
            for (var kernel = 0; kernel < soft.Length; kernel++)
                features[FirstKernel + kernel] += weight * MathF.Log(1 + soft[kernel]);
        }
        Lanes.Scale(features, 1 / total);
        features[Neighbours] = SharedNeighbours(query.Tokens, document.Tokens);
        var (left, right) = (table.VectorOf(query, Side.Query), table.VectorOf(document, Side.Document));
        features[Cosine] = Lanes.Dot(left, right) / MathF.Max(Lanes.Length(left) * Lanes.Length(right), Least);
        features[Length] = MathF.Log(1 + length) - MathF.Log(1 + _terms.MeanLength);
        return features;
    }

    private bool IsMatched(int piece) => _terms.Rarity[piece] > 0;

    private (float Exact, float Nearest) Compare(int piece, TokenBag document, float[] soft)
    {
        Array.Clear(soft);
        var (exact, nearest) = (0f, 0f);
        for (var i = 0; i < document.Ids.Length; i++)
        {
            if (!IsMatched(document.Ids[i]))
                continue;
            if (_terms.FormOf[document.Ids[i]] == _terms.FormOf[piece])
                exact += document.Counts[i];
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

    private float SharedNeighbours(int[] query, int[] document)
    {
        var (sum, total) = (0f, Least);
        for (var i = 0; i + 1 < query.Length; i++)
        {
            if (!IsPiece(query[i]) || !IsPiece(query[i + 1]))
                continue;
            var weight = _terms.Rarity[query[i]] + _terms.Rarity[query[i + 1]];
            total += weight;
            var count = 0f;
            for (var j = 0; j + 1 < document.Length; j++)
                count += IsSame(query[i], document[j]) && IsSame(query[i + 1], document[j + 1]) ? 1 : 0;
            sum += weight * count / (count + Saturation);
        }
        return sum / total;
    }

    private bool IsSame(int left, int right) => _terms.FormOf[left] == _terms.FormOf[right];

    private static bool IsPiece(int token) => token >= VocabularyFile.Reserved;
}
