namespace SearchEngine.Encoder.Batching;

/// <summary>
/// Fits a cost model to measured batches: least squares of the relative error, no part below zero. With three parts every choice
/// of those that are above zero is tried.
/// </summary>
internal static class CostFit
{
    private const int Parts = 3, Choices = 1 << Parts;

    /// <summary>A batch budget is the smallest with at least this share of the best throughput.</summary>
    private const double GoodThroughput = 0.95;

    private const int LeastBudget = 64, GreatestBudget = 16_384;

    /// <param name="samples">At least one.</param>
    public static CostModel Fit(IReadOnlyList<CostSample> samples)
    {
        var best = new CostModel(0, samples.Max(s => s.Millis / s.Tokens), 0);
        var least = Error(best, samples);
        for (var choice = 1; choice < Choices; choice++)
        {
            if (Solve(samples, choice) is { } model && Error(model, samples) is var error && error < least)
                (best, least) = (model, error);
        }
        return best;
    }

    /// <summary>
    /// Padded tokens of a batch: the fewest that reach nearly the best throughput, for each length by itself, since long texts cost
    /// more per token. Larger batches only make everybody wait.
    /// </summary>
    public static int Budget(IReadOnlyList<CostSample> samples)
    {
        var budget = 0;
        foreach (var length in samples.GroupBy(s => s.Length))
        {
            var enough = length.Min(s => s.Millis / s.Rows) / GoodThroughput;
            var rows = length.Where(s => s.Millis / s.Rows <= enough).Min(s => s.Rows);
            // One row is always allowed: only lengths that gain from company say how much of it.
            budget = rows > 1 ? Math.Max(budget, rows * length.Key) : budget;
        }
        return Math.Clamp(budget, LeastBudget, GreatestBudget);
    }

    private static CostModel? Solve(IReadOnlyList<CostSample> samples, int choice)
    {
        var system = new double[Parts, Parts + 1];
        foreach (var sample in samples)
        {
            ReadOnlySpan<double> terms =
                [1 / sample.Millis, sample.Tokens / sample.Millis, (double)sample.Tokens * sample.Length / sample.Millis];
            for (var i = 0; i < Parts; i++)
            {
                for (var j = 0; j < Parts; j++)
                    system[i, j] += terms[i] * terms[j];
                system[i, Parts] += terms[i];
            }
        }
        Span<double> parts = [0, 0, 0];
        return Eliminate(system, choice, parts) && parts.IndexOfAnyExceptInRange(0, double.MaxValue) < 0
            ? new CostModel(parts[0], parts[1], parts[2])
            : null;
    }

    /// <summary>Gauss and Jordan, over the chosen parts; false where they do not tell the samples apart.</summary>
    private static bool Eliminate(double[,] system, int choice, Span<double> parts)
    {
        const double Singular = 1e-12;
        for (var pivot = 0; pivot < Parts; pivot++)
        {
            if ((choice >> pivot & 1) == 0)
                continue;
            var scale = system[pivot, pivot];
            if (scale <= Singular * Math.Max(1, system[pivot, Parts]))
                return false;
            for (var column = 0; column <= Parts; column++)
                system[pivot, column] /= scale;
            for (var row = 0; row < Parts; row++)
            {
                var factor = row == pivot || (choice >> row & 1) == 0 ? 0 : system[row, pivot];
                for (var column = 0; column <= Parts && factor != 0; column++)
                    system[row, column] -= factor * system[pivot, column];
            }
        }
        for (var part = 0; part < Parts; part++)
            parts[part] = (choice >> part & 1) == 0 ? 0 : system[part, Parts];
        return true;
    }

    private static double Error(CostModel model, IReadOnlyList<CostSample> samples) =>
        samples.Sum(s => Math.Pow(model.Millis(s.Rows, s.Length) / s.Millis - 1, 2));
}
