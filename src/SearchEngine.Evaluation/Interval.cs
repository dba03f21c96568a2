namespace SearchEngine.Evaluation;

/// <summary>An estimate with the range that a share of resamples fell into.</summary>
public readonly record struct Interval(double Mean, double Low, double High)
{
    /// <summary>Whether the whole range lies above 0: of a difference, that the first really is better.</summary>
    public bool IsPositive => Low > 0;

    /// <summary>Whether the whole range lies below 0.</summary>
    public bool IsNegative => High < 0;
}
