using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Reranking;

/// <summary>
/// Features to one logit: a weight each. 2026-11-26: a hidden layer beside them learned the pairs made from a small corpus by heart
/// and lost 0.05 of NDCG@10 for people's questions.
/// </summary>
/// <param name="Weights">In the order of <see cref="PairFeatures"/>.</param>
internal sealed record PairScorer(float[] Weights)
{
    /// <summary>
    /// What is known before anything was learned: neighbours count half of what matches do, and the cosine as much as they; a quarter
    /// where texts are of any kind, whose words the vectors may never have met. 2026-11-26: as much there costs 0.03 of NDCG@10.
    /// </summary>
    public static PairScorer Start(TrainingPurpose purpose)
    {
        const float Full = 8;
        var weights = new float[PairFeatures.Count];
        weights[PairFeatures.Matches] = Full;
        weights[PairFeatures.Neighbours] = Full / 2;
        weights[PairFeatures.Cosine] = purpose == TrainingPurpose.General ? Full / 4 : Full;
        return new PairScorer(weights);
    }

    public float Score(ReadOnlySpan<float> pair) => Lanes.Dot(Weights, pair);

    /// <summary>On the way from this one to another.</summary>
    public PairScorer Towards(PairScorer other, float share) =>
        new([.. Weights.Select((weight, i) => weight + share * (other.Weights[i] - weight))]);
}
