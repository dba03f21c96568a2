namespace SearchEngine.Cli.Benching;

/// <summary>Round values within a range, for the rules of a plot.</summary>
internal static class PlotScale
{
    private const int Wanted = 5;

    /// <summary>A few values at even steps of 1, 2 or 5.</summary>
    public static IEnumerable<double> Even(double low, double high)
    {
        double rough = (high - low) / Wanted, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1);
        for (double at = Math.Ceiling(low / step); at * step <= high; at++)
        {
            yield return at * step;
        }
    }

    /// <summary>Powers of ten, their doubles and their fivefold; within a narrow range every digit.</summary>
    /// <param name="low">Above 0.</param>
    public static IEnumerable<double> Logarithmic(double low, double high)
    {
        double[] digits = high / low > 10 ? [1, 2, 5] : high / low > 2 ? [1, 1.5, 2, 3, 4, 5, 6, 8] : [];
        if (digits.Length == 0)
        {
            foreach (double value in Even(low, high)) yield return value;
            yield break;
        }
        for (double power = Math.Pow(10, Math.Floor(Math.Log10(low))); power <= high; power *= 10)
        {
            foreach (double digit in digits)
            {
                if (digit * power >= low && digit * power <= high) yield return digit * power;
            }
        }
    }
}
