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
    public void Resampling_that_is_cancelled_ends()
    {
        var gone = new CancellationToken(canceled: true);
        double[] left = [1, 2, 3], right = [3, 2, 1];
        Assert.Throws<OperationCanceledException>(() => Bootstrap.Mean(left, cancel: gone));
        Assert.Throws<OperationCanceledException>(() => Bootstrap.ChanceOf(left, right, cancel: gone));
    }

    [Fact]
    public void Nothing_to_resample_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Bootstrap.Mean([]));
        Assert.Throws<ArgumentException>(() => Bootstrap.Difference([1.0], [1.0, 2.0]));
    }

    [Fact]
    public void Chance_is_1_for_equal_systems_small_for_a_clear_difference_and_even_where_there_is_none()
    {
        var random = new Random(17);
        double[] right = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble())];
        double[] better = [.. right.Select(value => value + 0.1 + 0.1 * (random.NextDouble() - 0.5))];
        Assert.Equal(1, Bootstrap.ChanceOf(right, right));
        Assert.True(Bootstrap.ChanceOf(better, right) < 0.005, "a difference of 35 standard errors was taken for chance; suspect the centring");
        var below = Enumerable.Range(0, 200).Count(trial =>
        {
            double[] noise = [.. right.Select(value => value + 0.2 * (random.NextDouble() - 0.5))];
            return Bootstrap.ChanceOf(noise, right, 400, (ulong)trial) < 0.05;
        });
        Assert.True(below is > 1 and < 25, $"{below} of 200 pairs without a difference fell below 0.05; suspect the two sides");
    }

    [Fact]
    public void A_greater_confidence_widens_the_interval()
    {
        var random = new Random(19);
        double[] values = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
        var (narrow, wide) = (Bootstrap.Mean(values, confidence: 0.8), Bootstrap.Mean(values, confidence: 0.99));
        Assert.True(wide.Low < narrow.Low && narrow.High < wide.High, $"{wide} does not hold {narrow}");
    }
}
