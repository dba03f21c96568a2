using SearchEngine.Vectors.Graph;
using Xunit;

namespace SearchEngine.Vectors.Tests.Filters;

/// <summary>The plan depends on counts alone: few accepted rows are scanned, most of them walked and filtered.</summary>
public sealed class FilterPlanTests
{
    private static readonly SearchCosts Costs = new(15, 6, 30);

    [Theory]
    [InlineData(100, 100_000, SearchStrategy.Scan)]
    [InlineData(2_000, 100_000, SearchStrategy.Scan)]
    [InlineData(200_000, 2_000_000, SearchStrategy.FilteredWalk)]
    [InlineData(30_000, 100_000, SearchStrategy.WalkThenFilter)]
    [InlineData(60_000, 100_000, SearchStrategy.WalkThenFilter)]
    [InlineData(100_000, 100_000, SearchStrategy.WalkThenFilter)]
    [InlineData(40_000, 1_000_000, SearchStrategy.Scan)]
    [InlineData(8_000_000, 100_000_000, SearchStrategy.FilteredWalk)]
    [InlineData(2_000_000, 100_000_000, SearchStrategy.FilteredWalk)]
    [InlineData(20_000_000, 100_000_000, SearchStrategy.WalkThenFilter)]
    [InlineData(900_000, 100_000_000, SearchStrategy.Scan)]
    public void TheCheapestWayIsChosen(int accepted, int rows, SearchStrategy expected) =>
        Assert.Equal(expected, FilterPlan.Choose(Costs, Taking(30_000), rows, accepted, 10));

    [Fact]
    public void ACostlierWalkNeverTurnsAScanIntoAWalk()
    {
        for (int accepted = 100; accepted <= 200_000; accepted += 700)
        {
            bool scanned = false;
            for (double walk = 1_000; walk < 2e6; walk *= 1.3)
            {
                bool scan = FilterPlan.Choose(Costs, Taking(walk), 200_000, accepted, 10) == SearchStrategy.Scan;
                Assert.True(scan || !scanned, $"{accepted} accepted: a walk of {walk} ns is taken where a cheaper one was not.");
                scanned = scan;
            }
        }
    }

    [Fact]
    public void AWalkKeepsRoomForTheAcceptedRowsItNeeds()
    {
        foreach (double share in new[] { 1, 0.5, 0.1, 0.01, 0.0001 })
        {
            foreach (int k in new[] { 1, 10, 100, 1_000 })
            {
                int breadth = Math.Max(100, k), enough = FilterPlan.Enough(share, breadth, k), most = FilterPlan.Most(share, breadth, enough);
                Assert.True(enough >= k && enough <= Math.Max(breadth, 1.5 * k), $"share {share}, k {k}: {enough} accepted rows wanted.");
                Assert.True(most >= breadth && most >= enough / share, $"share {share}, k {k}: room for {most} candidates.");
            }
        }
    }

    private static WalkCost Taking(double nanos) => new(nanos, 0.14 * nanos);
}
