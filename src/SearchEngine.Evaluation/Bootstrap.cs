namespace SearchEngine.Evaluation;

/// <summary>
/// Percentile bootstrap over queries (Efron 1979): queries are drawn with replacement, the mean is taken, and the middle share
/// of those means is the interval. The same seed gives the same interval on every machine.
/// </summary>
public static class Bootstrap
{
    public const int DefaultResamples = 2000;

    public const ulong DefaultSeed = 1;

    public const double DefaultConfidence = 0.95;

    /// <summary>The mean of one value per query.</summary>
    /// <param name="confidence">The share of resamples within the interval, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">There is no value, or no resample.</exception>
    public static Interval Mean(
        ReadOnlySpan<double> values, int resamples = DefaultResamples, ulong seed = DefaultSeed,
        double confidence = DefaultConfidence, CancellationToken cancel = default)
    {
        var means = Resampled(values, resamples, seed, cancel);
        var tail = (1 - confidence) / 2;
        return new Interval(MeanOf(values), Quantile(means, tail), Quantile(means, 1 - tail));
    }

    /// <summary>
    /// The mean difference between two systems on the same queries, left minus right. Pairs stay together, so what makes a query
    /// hard for both drops out: the interval is far narrower than that of two separate means.
    /// </summary>
    /// <exception cref="ArgumentException">The two have different numbers of queries, or none.</exception>
    public static Interval Difference(
        ReadOnlySpan<double> left, ReadOnlySpan<double> right, int resamples = DefaultResamples, ulong seed = DefaultSeed) =>
        Mean(Differences(left, right), resamples, seed);

    /// <summary>
    /// How likely a mean difference at least this large, in either direction, would be if the two systems were equally good: the
    /// share of resamples of the centred differences that reach it, the sample itself counted as one of them, so never 0.
    /// </summary>
    /// <exception cref="ArgumentException">The two have different numbers of queries, or none.</exception>
    public static double ChanceOf(
        ReadOnlySpan<double> left, ReadOnlySpan<double> right, int resamples = DefaultResamples, ulong seed = DefaultSeed,
        CancellationToken cancel = default)
    {
        // Rounding of sums in another order is no difference.
        const double Rounding = 1e-12;
        var differences = Differences(left, right);
        var observed = MeanOf(differences);
        for (var i = 0; i < differences.Length; i++)
            differences[i] -= observed;
        var reached = 1;
        foreach (var mean in Resampled(differences, resamples, seed, cancel))
            reached += Math.Abs(mean) >= Math.Abs(observed) - Rounding ? 1 : 0;
        return (double)reached / (resamples + 1);
    }

    /// <summary>Means of resamples, least first.</summary>
    private static double[] Resampled(ReadOnlySpan<double> values, int resamples, ulong seed, CancellationToken cancel)
    {
        if (values.IsEmpty || resamples < 1)
            throw new ArgumentException($"{values.Length} values and {resamples} resamples: give at least one of each.");
        var means = new double[resamples];
        var state = seed;
        for (var resample = 0; resample < resamples; resample++)
        {
            cancel.ThrowIfCancellationRequested();
            var sum = 0.0;
            for (var draw = 0; draw < values.Length; draw++)
                sum += values[(int)Below(ref state, (uint)values.Length)];
            means[resample] = sum / values.Length;
        }
        Array.Sort(means);
        return means;
    }

    private static double[] Differences(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        if (left.Length != right.Length)
            throw new ArgumentException($"{left.Length} and {right.Length} values do not pair.");
        var differences = new double[left.Length];
        for (var i = 0; i < differences.Length; i++)
            differences[i] = left[i] - right[i];
        return differences;
    }

    private static double MeanOf(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var (below, rest) = ((int)place, place - Math.Floor(place));
        return below + 1 < sorted.Length ? sorted[below] + rest * (sorted[below + 1] - sorted[below]) : sorted[below];
    }

    /// <summary>SplitMix64 (Steele et al. 2014), scaled down by multiplication: no division, and a bias below 2^-32.</summary>
    private static uint Below(ref ulong state, uint limit)
    {
        state += 0x9e3779b97f4a7c15;
        var mixed = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        mixed ^= mixed >> 31;
        return (uint)(((mixed >> 32) * limit) >> 32);
    }
}
