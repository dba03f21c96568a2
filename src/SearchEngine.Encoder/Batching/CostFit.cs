namespace SearchEngine.Encoder.Batching;

/// <summary>
/// Fits a cost model to measured batches: least squares of the relative error, no part below zero. With three parts every choice
/// of those that are above zero is tried.
/// </summary>
internal static class CostFit
{
    private const int Parts = 3, Choices = 1 << Parts;

    /// <summary>A batch budget is the smallest with at least this share of the best throughput.</summary>
    private const double GoodThroughput = 0.98;

    private const int LeastBudget = 256, GreatestBudget = 16_384;

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
    /// Padded tokens of a batch: the fewest that reach nearly the best throughput, all lengths together, since one number was measured
    /// beside other jobs and says little. Larger batches make everybody wait, and where they outgrow the caches they are slower, too.
    /// </summary>
    public static int Budget(IReadOnlyList<CostSample> samples)
    {
        // Only lengths that were measured alone and in company say how much of it is good.
        var lengths = samples.GroupBy(s => s.Length).Where(g => g.Count() > 1 && g.Any(s => s.Rows == 1)).Select(g => g.ToList()).ToList();
        int[] budgets = [.. lengths.SelectMany(g => g).Select(s => s.Tokens).Append(LeastBudget).Where(b => b <= GreatestBudget).Distinct().Order()];
        if (lengths.Count == 0)
            return LeastBudget;
        var efforts = Array.ConvertAll(budgets, budget => lengths.Average(g => Effort(g, budget)));
        var enough = efforts.Min() / GoodThroughput;
        return Math.Max(LeastBudget, budgets[Array.FindIndex(efforts, effort => effort <= enough)]);
    }

    /// <summary>What a row takes within a budget over what it takes at best.</summary>
    private static double Effort(List<CostSample> length, int budget)
    {
        var within = length.Where(s => s.Rows == 1 || s.Tokens <= budget).MaxBy(s => s.Rows);
        return within.Millis / within.Rows / length.Min(s => s.Millis / s.Rows);
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
