namespace SearchEngine.Encoder.Batching;

/// <summary>
/// Predicts what a batch takes: a start, a part for every padded token, and a part for every pair of tokens that attention looks at.
/// </summary>
/// <param name="Fixed">Milliseconds of any run.</param>
/// <param name="PerToken">Milliseconds per padded token.</param>
/// <param name="PerPair">Milliseconds per padded token and token of its row.</param>
internal sealed record CostModel(double Fixed, double PerToken, double PerPair)
{
    public double Millis(int rows, int length)
    {
        var tokens = (double)rows * length;
        return Fixed + tokens * (PerToken + PerPair * length);
    }
}
