namespace SearchEngine.Vectors;

/// <summary>Predicted nanoseconds of a walk over all rows, without a filter and with one.</summary>
/// <param name="Plain">Without.</param>
/// <param name="Rare">More, for each row that is not accepted to one that is: among all rows the hits lie that much farther out.</param>
internal readonly record struct WalkCost(double Plain, double Rare)
{
    /// <summary>With a filter that accepts a share of the rows.</summary>
    public double Collecting(double share) => Plain + Rare * ((1 / share) - 1);
}
