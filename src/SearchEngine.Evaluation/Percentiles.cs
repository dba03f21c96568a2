namespace SearchEngine.Evaluation;

/// <summary>Percentiles by nearest rank: always a value that was measured, never one between two.</summary>
public sealed class Percentiles
{
    private readonly double[] _sorted;

    public Percentiles(IEnumerable<double> values) => _sorted = [.. values.Order()];

    public int Count => _sorted.Length;

    /// <summary>The least value that a share of all values does not exceed; 0 where there are none.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    public double At(double share) =>
        _sorted.Length == 0 ? 0 : _sorted[Math.Clamp((int)Math.Ceiling(share * _sorted.Length) - 1, 0, _sorted.Length - 1)];
}
