namespace SearchEngine.Benchmarks.Collections;

/// <summary>Percentiles of latencies, in microseconds.</summary>
internal sealed record Percentiles(int Count, double P50, double P99, double P999)
{
    public static Percentiles Of(List<double> micros)
    {
        micros.Sort();
        return new Percentiles(micros.Count, At(0.5), At(0.99), At(0.999));

        double At(double share) => micros.Count == 0 ? 0 : micros[Math.Min(micros.Count - 1, (int)(share * micros.Count))];
    }
}
