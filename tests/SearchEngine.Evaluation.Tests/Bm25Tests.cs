using Xunit;

namespace SearchEngine.Evaluation.Tests;

public sealed class Bm25Tests
{
    private static readonly string[][] Documents = [["wing", "lift", "wing"], ["lift", "drag"], ["heat"]];

    [Fact]
    public void A_score_is_the_formula_worked_out_by_hand()
    {
        var index = new Bm25Index(Documents, new Bm25Options(1.2, 0.75));
        var scores = index.Score(["wing", "lift", "lift", "unknown"]);
        double Idf(int n) => Math.Log(1 + (3 - n + 0.5) / (n + 0.5));
        double Part(double f, double length) => f / (f + 1.2 * (1 - 0.75 + 0.75 * length / 2));
        Assert.Equal(Idf(1) * Part(2, 3) + 2 * Idf(2) * Part(1, 3), scores[0], 12);
        Assert.Equal(2 * Idf(2) * Part(1, 2), scores[1], 12);
        Assert.Equal(0, scores[2]);
    }

    [Fact]
    public void A_search_leaves_out_what_shares_no_term()
    {
        var index = new Bm25Index(Documents, Bm25Options.Default);
        Assert.Equal([0, 1], index.Search(["lift", "wing"], 10).Select(hit => hit.Document));
        Assert.Single(index.Search(["lift", "wing"], 1));
        Assert.Empty(index.Search(["nothing"], 10));
        Assert.Empty(new Bm25Index([], Bm25Options.Default).Search(["wing"], 10));
    }

    [Theory]
    [InlineData("The Bodies of wings, and stresses!", new[] { "body", "wing", "stresse" })]
    [InlineData("bus lens 2 shoes x-15's", new[] { "bus", "len", "2", "shoes", "x", "15", "s" })]
    [InlineData("", new string[0])]
    public void Terms_are_lower_case_singular_and_no_stop_words(string text, string[] expected) =>
        Assert.Equal(expected, PlainTerms.Of(text));
}
