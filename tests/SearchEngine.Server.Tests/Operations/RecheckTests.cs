using SearchEngine.Collections.Documents;
using SearchEngine.Server.Operations.Rechecks;
using Xunit;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Tests.Operations;

public sealed class RecheckTests
{
    [Fact]
    public void Same_hits_are_right_and_missing_ones_are_named_with_their_rank()
    {
        Engine.Hit[] exact = Hits((1, 0.9f), (2, 0.8f), (3, 0.7f), (4, 0.6f));
        Assert.Equal(1, Recheck.Of(exact, exact).Recall);
        Recheck recheck = Recheck.Of(Hits((1, 0.9f), (3, 0.7f), (4, 0.6f), (5, 0.5f)), exact);
        Assert.Equal(0.75, recheck.Recall);
        Assert.Equal([(2UL, 2)], recheck.Missed.Select(m => (m.Hit.Id.Number, m.Rank)));
        recheck = Recheck.Of(Hits((1, 0.9f)), exact);
        Assert.Equal(0.25, recheck.Recall);
        Assert.Equal([2, 3, 4], recheck.Missed.Select(m => m.Rank));
        Assert.Equal(1, Recheck.Of([], []).Recall);
        Assert.Equal(0, Recheck.Of([], exact).Recall);
    }

    [Fact]
    public void Hits_that_score_like_the_last_exact_one_are_as_right_as_it_is()
    {
        Engine.Hit[] exact = Hits((1, 0.9f), (2, 0.8f), (3, 0.8f));
        Recheck recheck = Recheck.Of(Hits((1, 0.9f), (3, 0.8f), (4, 0.8f)), exact);
        Assert.Equal(1, recheck.Recall);
        Assert.Empty(recheck.Missed);
    }

    [Fact]
    public void Tally_gives_mean_latest_mean_and_an_interval_that_holds_it()
    {
        var tally = new RecheckTally("docs", default);
        for (int i = 0; i < 1_000; i++)
        {
            tally.Add(i % 10 == 0 ? 0.5 : 1);
        }
        Assert.Equal(0.95, tally.Mean, 9);
        Assert.Equal((1_000, 100), (tally.Count, tally.Wrong));
        Assert.InRange(tally.Low, 0.93, 0.95);
        for (int i = 0; i < RecheckTally.Window; i++)
        {
            tally.Add(0.2);
        }
        Assert.Equal(0.2, tally.Recent, 9);
        Assert.InRange(tally.Mean, 0.85, 0.95);
    }

    private static Engine.Hit[] Hits(params (ulong Id, float Score)[] hits) => [.. hits.Select(h => new Engine.Hit(new DocumentId(h.Id), h.Score))];
}
