using Xunit;

namespace SearchEngine.Evaluation.Tests;

public sealed class BootstrapTests
{
    [Fact]
    public void The_interval_of_a_mean_is_that_of_the_normal_theory()
    {
        var random = new Random(7);
        double[] values = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())];
        var interval = Bootstrap.Mean(values);
        var mean = values.Average();
        var error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length / values.Length);
        Assert.Equal(mean, interval.Mean, 12);
        Assert.Equal(mean - 1.96 * error, interval.Low, 0.15 * error + 1e-9);
        Assert.Equal(mean + 1.96 * error, interval.High, 0.15 * error + 1e-9);
    }

    [Fact]
    public void The_interval_covers_the_truth_about_as_often_as_it_says()
    {
        const int Trials = 400, Size = 100;
        var random = new Random(11);
        var covered = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            double[] values = [.. Enumerable.Range(0, Size).Select(_ => random.NextDouble())];
            var interval = Bootstrap.Mean(values, 400, (ulong)trial);
            covered += interval.Low <= 0.5 && 0.5 <= interval.High ? 1 : 0;
        }
        Assert.True(covered is > 360 and < 396, $"{covered} of {Trials} intervals of 95 % hold the truth; suspect the quantiles or the draws");
    }

    [Fact]
    public void Pairs_see_a_difference_that_separate_intervals_cannot()
    {
        var random = new Random(5);
        double[] right = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble())];
        double[] left = [.. right.Select(value => value + 0.01 + 0.02 * (random.NextDouble() - 0.5))];
        Assert.True(Bootstrap.Difference(left, right).IsPositive, "A small steady gain was not seen; are pairs kept together?");
        Assert.True(Bootstrap.Difference(right, left).IsNegative, "A small steady loss was not seen");
        Assert.True(Bootstrap.Mean(left).Low < Bootstrap.Mean(right).High, "The case is too easy to show anything");
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_seed_another()
    {
        double[] values = [.. Enumerable.Range(0, 50).Select(i => (double)(i * i % 17))];
        Assert.Equal(Bootstrap.Mean(values, seed: 3), Bootstrap.Mean(values, seed: 3));
        Assert.NotEqual(Bootstrap.Mean(values, seed: 3), Bootstrap.Mean(values, seed: 4));
    }

    [Fact]
    public void Nothing_to_resample_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Bootstrap.Mean([]));
        Assert.Throws<ArgumentException>(() => Bootstrap.Difference([1.0], [1.0, 2.0]));
    }
}
