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
}
