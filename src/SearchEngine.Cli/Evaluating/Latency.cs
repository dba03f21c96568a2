namespace SearchEngine.Cli.Evaluating;

/// <summary>Times of many calls, in milliseconds.</summary>
internal readonly record struct Latency(double P50, double P95, double P99)
{
    public static Latency Of(IReadOnlyCollection<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        double At(double share) => sorted.Length == 0 ? 0 : sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
        return new Latency(At(0.50), At(0.95), At(0.99));
    }
}
