namespace SearchEngine.Vectors;

/// <summary>Predicted nanoseconds of a walk over all rows, without a filter and with one.</summary>
/// <param name="Plain">Without.</param>
/// <param name="Power">By which power of 1 / share it takes longer until it has found enough accepted rows.</param>
internal readonly record struct WalkCost(double Plain, double Power)
{
    /// <summary>Its time grows with 1 / share by this power: of one with a breadth, and of one with a tuned margin, which is narrowed where many rows
    /// are seen for an accepted one (2026-11-26, 50,000 rows of 768 for a target, 25, 22, 20, 18 %: 1.42, 1.52, 1.56, 1.64 times).</summary>
    public const double PowerOfBreadth = 0.29;
    public const double PowerOfMargin = 0.3;

    /// <summary>With a filter that accepts a share of the rows.</summary>
    public double Collecting(double share) => Plain * Math.Pow(share, -Power);
}
