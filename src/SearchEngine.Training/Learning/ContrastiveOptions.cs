namespace SearchEngine.Training.Learning;

/// <summary>The loss.</summary>
/// <param name="Prefixes">Lengths at which vectors are compared; the whole dimension among them.</param>
/// <param name="Temperature">Cosines are divided by it.</param>
internal sealed record ContrastiveOptions(IReadOnlyList<int> Prefixes, float Temperature)
{
    public const float LeastLength = 1e-9f;
}
