using SearchEngine.Server.Encoders;
using Xunit;

namespace SearchEngine.Server.Tests.Encoders;

public sealed class InferenceCostsTests
{
    [Fact]
    public void Predictions_ComeToWhatCallsTake_LengthByLength()
    {
        var costs = new InferenceCosts();
        for (int call = 0; call < 60; call++)
        {
            costs.Learn("m", [100, 100, 100, 100], 4 * 2_000);
            costs.Learn("m", [2_000], 30_000);
        }
        Assert.InRange(costs.Predict("m", 100), 1_900, 2_100);
        Assert.InRange(costs.Predict("m", 2_000), 29_000, 31_000);
        Assert.True(costs.Predict("m", 8_000) > costs.Predict("m", 2_000), "A length that was never seen is predicted by the nearest, scaled.");
        Assert.False(costs.IsMeasured("other"));
    }

    [Fact]
    public void OneCallThatWasDescheduled_IsNoTrend()
    {
        var costs = new InferenceCosts();
        for (int call = 0; call < 20; call++)
        {
            costs.Learn("m", [500], 5_000);
        }
        costs.Learn("m", [500], 5_000_000);
        Assert.InRange(costs.Predict("m", 500), 5_000, 5_000 * 1.7);
    }

    [Fact]
    public void Doubt_LowersAPredictionThatRefusesEverything()
    {
        var costs = new InferenceCosts();
        costs.Learn("m", [500], 100_000);
        for (int refusal = 0; refusal < 100; refusal++)
        {
            costs.Doubted("m");
        }
        Assert.True(costs.Predict("m", 500) < 6_000, "A hundred refusals left the prediction where it was.");
    }

    [Fact]
    public void GuessThatRefusesEverything_ComesDownByItself()
    {
        var costs = new InferenceCosts();
        double guess = costs.Predict("m", 500);
        for (int refusal = 0; refusal < 100; refusal++)
        {
            costs.Doubted("m");
        }
        Assert.True(costs.Predict("m", 500) < 0.06 * guess, "A model that was never asked is refused by the guess for ever.");
        Assert.False(costs.IsMeasured("m"), "A refusal measures nothing.");
        Assert.Equal(guess, costs.Predict("other", 500));
    }

    [Fact]
    public void Doubts_EndBeforeAModelLooksFree_AndFewCallsUndoThem()
    {
        const double Takes = 20_000;
        var costs = new InferenceCosts();
        double guess = costs.Predict("m", 500);
        costs.Learn("m", [500], Takes);
        for (int refusal = 0; refusal < 50_000; refusal++)
        {
            costs.Doubted("m");
        }
        Assert.InRange(costs.Predict("m", 500), 0.0099 * guess, 0.0101 * guess);
        for (int call = 0; call < 25; call++)
        {
            costs.Learn("m", [500], Takes);
        }
        Assert.InRange(costs.Predict("m", 500), 0.9 * Takes, 1.1 * Takes);
    }
}
