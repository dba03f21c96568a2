namespace SearchEngine.Models.Inference;

/// <summary>What a comparison with the golden texts found.</summary>
/// <param name="Texts">Golden texts compared; 0 where the folder has none.</param>
/// <param name="TokenDifferences">Texts whose ids differ.</param>
/// <param name="LeastCosine">The least between a vector and its stored one; 1 where none is stored.</param>
/// <param name="GreatestScoreDifference">Between a pair's logit and its stored one.</param>
/// <param name="WorstText">The text the least cosine belongs to, shortened.</param>
public sealed record SelfTestReport(
    int Texts, int TokenDifferences, double LeastCosine, double GreatestScoreDifference, string WorstText)
{
    /// <summary>Below this a vector is not the stored one: quantized builds stay above it, wrong pooling does not.</summary>
    public const double CosineBound = 0.999;

    /// <summary>Logits of a quantized build may differ by this much.</summary>
    public const double ScoreBound = 0.1;

    public bool Passed => TokenDifferences == 0 && LeastCosine >= CosineBound && GreatestScoreDifference <= ScoreBound;
}
