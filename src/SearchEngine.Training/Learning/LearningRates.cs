namespace SearchEngine.Training.Learning;

/// <summary>How far one step goes.</summary>
internal readonly record struct LearningRates(float Embeddings, float Weights, float Heads)
{
    public LearningRates Scaled(float factor) => new(Embeddings * factor, Weights * factor, Heads * factor);
}
