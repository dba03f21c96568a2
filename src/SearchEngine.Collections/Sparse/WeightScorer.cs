using SearchEngine.Collections.Postings;

namespace SearchEngine.Collections.Sparse;

/// <summary>What a dimension adds to a dot product: the query's weight times the document's. Either may be below 0.</summary>
internal sealed class WeightScorer(float weight) : IPostingScorer
{
    /// <summary>Bounds are summed in another order than scores: so much more is allowed for rounding.</summary>
    private const double Rounding = 1 + 1e-9;

    /// <summary>The product of two float32 is exact.</summary>
    public double Score(uint row, uint value) => Product(value);

    public double Bound(in PostingRun run) => Math.Max(0, Math.Max(Product(run.Upper), Product(run.Lower))) * Rounding;

    private double Product(uint bits) => (double)weight * BitConverter.UInt32BitsToSingle(bits);
}
