namespace SearchEngine.Training.Learning;

/// <summary>
/// What is learned. A text's vector on a side is y = x + x * Head, x the sum of exp(LogWeights) * Embeddings over its pieces; only
/// directions count, so nothing is divided by the length of the text.
/// </summary>
internal sealed class EncoderParameters
{
    public const int Sides = 2;

    public EncoderParameters(int vocabulary, int dimension)
    {
        (Vocabulary, Dimension) = (vocabulary, dimension);
        Embeddings = new float[checked(vocabulary * dimension)];
        LogWeights = [new float[vocabulary], new float[vocabulary]];
        Heads = [new float[dimension * dimension], new float[dimension * dimension]];
    }

    public int Vocabulary { get; }

    public int Dimension { get; }

    /// <summary>One row per piece.</summary>
    public float[] Embeddings { get; }

    /// <summary>Logarithms of the pieces' weights, by side.</summary>
    public float[][] LogWeights { get; }

    /// <summary>The change that a side's head makes, by side: rows are what an element of the sum adds to the vector.</summary>
    public float[][] Heads { get; }

    public Span<float> Row(int piece) => Embeddings.AsSpan(piece * Dimension, Dimension);

    public ReadOnlySpan<float> HeadRow(Side side, int row) => Heads[(int)side].AsSpan(row * Dimension, Dimension);

    /// <summary>Everything that is learned, in a fixed order: what a checkpoint holds.</summary>
    public IEnumerable<float[]> All() => [Embeddings, .. LogWeights, .. Heads];
}
