using SearchEngine.Encoder.Batching;
using Xunit;

namespace SearchEngine.Encoder.Tests.Batching;

public sealed class CostFitTests
{
    private const int Seed = 7;

    private static readonly (int Rows, int Length)[] Grid =
        [.. from rows in new[] { 1, 2, 4, 8 } from length in new[] { 16, 32, 64, 128, 256 } select (rows, length)];

    [Theory]
    [InlineData(0.5, 0.02, 0.00003)]
    [InlineData(0, 0.1, 0)]
    [InlineData(3, 0, 0)]
    [InlineData(2, 0.001, 0)]
    public void Measurements_of_a_formula_give_the_formula_back(double start, double perToken, double perPair)
    {
        var truth = new CostModel(start, perToken, perPair);
        var fitted = CostFit.Fit([.. Grid.Select(g => new CostSample(g.Rows, g.Length, truth.Millis(g.Rows, g.Length)))]);
        foreach (var (rows, length) in Grid)
            Assert.Equal(truth.Millis(rows, length), fitted.Millis(rows, length), truth.Millis(rows, length) * 1e-6);
    }

    [Fact]
    public void Noise_never_gives_a_part_below_zero_and_costs_a_tenth_at_most()
    {
        var random = new Random(Seed);
        var truth = new CostModel(0.3, 0.02, 0.00001);
        for (var round = 0; round < 200; round++)
        {
            var fitted = CostFit.Fit(
                [.. Grid.Select(g => new CostSample(g.Rows, g.Length, truth.Millis(g.Rows, g.Length) * (0.9 + 0.2 * random.NextDouble())))]);
            Assert.True(fitted is { Fixed: >= 0, PerToken: >= 0, PerPair: >= 0 }, $"A part is below zero in round {round} of seed {Seed}: {fitted}.");
            Assert.All(Grid, g => Assert.InRange(fitted.Millis(g.Rows, g.Length) / truth.Millis(g.Rows, g.Length), 0.85, 1.15));
        }
    }

    [Fact]
    public void One_sample_is_enough() => Assert.Equal(5, CostFit.Fit([new CostSample(2, 16, 5)]).Millis(2, 16), 1e-9);

    [Fact]
    public void The_budget_is_the_fewest_tokens_near_the_best_throughput()
    {
        // A start of 1 ms for batches of 32 tokens at 0.1 ms each: 8 rows are within 5 % of 16, 4 are not.
        var truth = new CostModel(1, 0.1, 0);
        var rows = new[] { 1, 2, 4, 8, 16 };
        Assert.Equal(8 * 32, CostFit.Budget([.. rows.Select(r => new CostSample(r, 32, truth.Millis(r, 32)))]));
    }

    [Fact]
    public void Live_batches_move_the_prediction_slowly_and_within_bounds()
    {
        var pace = Waiting.Pace();
        pace.Learn(1, 32, 1_000_000);
        Assert.True(pace.Factor < 1.5, "One batch that was descheduled moved the prediction by half.");
        for (var i = 0; i < 500; i++)
            pace.Learn(4, 128, 2 * Waiting.Cost.Millis(4, 128));
        Assert.Equal(2, pace.Factor, 0.01);
    }
}
