using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Reranking;

/// <summary>Features to one logit: a linear part and a small hidden layer with tanh. Parameters in one array, in the order of the offsets.</summary>
internal sealed class PairScorer(int features)
{
    public const int Hidden = 8;

    public float[] Parameters { get; } = new float[features + Hidden * (features + 2)];

    public Span<float> Linear => Parameters.AsSpan(0, features);

    /// <summary>Rows of weights, one per hidden unit.</summary>
    public Span<float> HiddenWeights => Parameters.AsSpan(features, Hidden * features);

    public Span<float> HiddenBias => Parameters.AsSpan(features * (1 + Hidden), Hidden);

    public Span<float> Output => Parameters.AsSpan(features * (1 + Hidden) + Hidden, Hidden);

    public float Score(ReadOnlySpan<float> pair)
    {
        var score = Lanes.Dot(Linear, pair);
        for (var unit = 0; unit < Hidden; unit++)
            score += Output[unit] * MathF.Tanh(HiddenBias[unit] + Lanes.Dot(HiddenWeights.Slice(unit * features, features), pair));
        return score;
    }

    /// <summary>Adds the score's derivative, times a factor, to the slopes of the parameters.</summary>
    public void AddSlopes(ReadOnlySpan<float> pair, float factor, Span<float> slopes)
    {
        Lanes.AddScaled(slopes[..features], pair, factor);
        for (var unit = 0; unit < Hidden; unit++)
        {
            var value = MathF.Tanh(HiddenBias[unit] + Lanes.Dot(HiddenWeights.Slice(unit * features, features), pair));
            var inner = factor * Output[unit] * (1 - value * value);
            Lanes.AddScaled(slopes.Slice(features * (1 + unit), features), pair, inner);
            slopes[features * (1 + Hidden) + unit] += inner;
            slopes[features * (1 + Hidden) + Hidden + unit] += factor * value;
        }
    }
}
