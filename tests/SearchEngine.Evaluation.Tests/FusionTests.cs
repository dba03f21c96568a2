using Xunit;

namespace SearchEngine.Evaluation.Tests;

public sealed class FusionTests
{
    private static readonly ScoredDocument[] Left = [new("a", 9), new("b", 5), new("c", 1)];

    private static readonly ScoredDocument[] Right = [new("c", 0.9f), new("d", 0.5f)];

    [Fact]
    public void Ranks_are_summed_as_reciprocals()
    {
        var fused = Fusion.ByRank([Left, Right], [1, 1], 10);
        Assert.Equal(["c", "a", "d", "b"], fused.Select(document => document.Id));
        Assert.Equal(1 / 63.0 + 1 / 61.0, fused[0].Score, 1e-7);
        Assert.Equal(1 / 61.0, fused[1].Score, 1e-7);
    }

    [Fact]
    public void Scores_are_scaled_before_they_are_summed()
    {
        var fused = Fusion.ByScore([Left, Right], [1, 0.4], 2);
        Assert.Equal([new("a", 1), new("b", 0.5f)], fused);
        Assert.Equal(0.4f, Fusion.ByScore([Left, Right], [1, 0.4], 4)[2].Score);
    }

    [Fact]
    public void A_ranking_without_weight_changes_nothing_but_what_is_behind_it()
    {
        Assert.Equal(["a", "b", "c"], Fusion.ByRank([Left, Right], [1, 0], 3).Select(document => document.Id));
        Assert.Equal(["a", "b"], Fusion.ByScore([Left, []], [1, 5], 2).Select(document => document.Id));
    }

    [Fact]
    public void Weights_that_do_not_match_are_refused() =>
        Assert.Throws<ArgumentException>(() => Fusion.ByRank([Left, Right], [1], 3));
}
