using Xunit;

namespace SearchEngine.Evaluation.Tests;

/// <summary>Numbers worked out by hand from trec_eval's definitions.</summary>
public sealed class RankingMetricsTests
{
    private const int Digits = 12;

    /// <summary>Five places; three relevant documents were judged, with grades 3, 2 and 1; the one of grade 2 is never found.</summary>
    private static readonly int[] Grades = [0, 3, 0, 0, 1];

    private static readonly int[] Ideal = [3, 2, 1];

    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(2, 1.0 / 3)]
    [InlineData(5, 2.0 / 3)]
    [InlineData(20, 2.0 / 3)]
    public void Recall_divides_by_all_that_is_relevant(int depth, double expected) =>
        Assert.Equal(expected, RankingMetrics.RecallAt(Grades, Ideal.Length, depth), Digits);

    [Theory]
    [InlineData(2, 0.5)]
    [InlineData(10, 0.2)]
    public void Precision_divides_by_the_depth_even_where_the_ranking_is_shorter(int depth, double expected) =>
        Assert.Equal(expected, RankingMetrics.PrecisionAt(Grades, depth), Digits);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(50, 1)]
    public void A_hit_is_one_relevant_document_within_the_depth(int depth, double expected) =>
        Assert.Equal(expected, RankingMetrics.HitAt(Grades, depth), Digits);

    [Fact]
    public void Reciprocal_rank_looks_at_the_first_relevant_document() =>
        Assert.Equal(0.5, RankingMetrics.ReciprocalRank(Grades), Digits);

    [Fact]
    public void Average_precision_counts_what_was_not_found() =>
        Assert.Equal((1.0 / 2 + 2.0 / 5) / 3, RankingMetrics.AveragePrecision(Grades, Ideal.Length), Digits);

    [Fact]
    public void Ndcg_takes_the_grade_as_gain_and_the_ideal_of_all_judged_documents()
    {
        var gain = 3 / Math.Log2(3) + 1 / Math.Log2(6);
        var ideal = 3 / Math.Log2(2) + 2 / Math.Log2(3) + 1 / Math.Log2(4);
        Assert.Equal(gain / ideal, RankingMetrics.NdcgAt(Grades, Ideal, 10), Digits);
        Assert.Equal(3 / Math.Log2(3) / (3 + 2 / Math.Log2(3)), RankingMetrics.NdcgAt(Grades, Ideal, 2), Digits);
    }

    [Fact]
    public void A_query_without_a_relevant_document_has_nothing()
    {
        var metrics = QueryMetrics.Of([new ScoredDocument("a", 1)], new Judgements([new("a", 0)]));
        Assert.Equal(0, metrics.Recall10 + metrics.Ndcg10 + metrics.AveragePrecision + metrics.ReciprocalRank + metrics.Precision10);
    }

    [Fact]
    public void The_ideal_ranking_has_one_everywhere()
    {
        var judgements = new Judgements([new("a", 3), new("b", 1), new("c", 0), new("d", 2)]);
        var metrics = QueryMetrics.Of([new("a", 9), new("d", 8), new("b", 7), new("c", 6)], judgements);
        Assert.Equal(1, metrics.Ndcg10, Digits);
        Assert.Equal(1, metrics.AveragePrecision, Digits);
        Assert.Equal(1, metrics.Recall5, Digits);
        Assert.Equal(1.0 / 3, metrics.Recall1, Digits);
        Assert.Equal(0.3, metrics.Precision10, Digits);
    }

    [Fact]
    public void Equal_scores_are_ordered_by_id_the_greater_first_as_trec_eval_does()
    {
        var best = TrecOrder.Best([new("10", 1), new("9", 1), new("b", 2), new("B", 1)], 4);
        Assert.Equal(["b", "B", "9", "10"], best.Select(document => document.Id));
    }

    [Fact]
    public void Means_weigh_every_query_alike()
    {
        var judgements = new Judgements([new("a", 1)]);
        var mean = QueryMetrics.MeanOf([QueryMetrics.Of([new("a", 1)], judgements), QueryMetrics.Of([new("b", 1)], judgements)]);
        Assert.Equal(0.5, mean.Recall1, Digits);
        Assert.Equal(0.5, mean.Ndcg10, Digits);
    }
}
