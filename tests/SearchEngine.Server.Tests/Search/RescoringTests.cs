using Xunit;

namespace SearchEngine.Server.Tests.Search;

/// <summary>Searches without rescoring say what their scores are, and that nothing is known of their recall.</summary>
public sealed class RescoringTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("t3")]
    public async Task Scores_are_those_of_codes_and_nothing_is_rescored(string? topic)
    {
        await using SearchHost host = await SearchHost.StartAsync(3_000, seed: 5);
        await host.Collection.FlushAsync(TestContext.Current.CancellationToken);
        var random = new Random(6);
        int differ = 0;
        for (int i = 0; i < 20; i++)
        {
            Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(random));
            request.Filter = topic is null ? null : SearchHost.Topic(topic);
            request.Accuracy = new Wire.Accuracy { TargetRecall = 0.9f };
            Wire.SearchReply rescored = await host.SearchAsync(request);
            request.Walk = new Wire.WalkOptions { Rescoring = Wire.Rescoring.None };
            Wire.SearchReply bare = await host.SearchAsync(request);
            Assert.Equal(10, bare.Hits.Count);
            Assert.Equal((0u, 0u, 0ul), (bare.Plan.Rescored, bare.Plan.RescoreDimension, bare.Header.Cost.RowsRescored));
            Assert.True(rescored.Plan.Rescored > 0, "the search that is compared with rescored nothing either");
            Assert.Equal((Wire.RecallBasis.None, 0f), (bare.Recall.Basis, bare.Recall.Recall));
            Assert.NotEqual(Wire.Strategy.ExactScan, bare.Plan.Strategy);
            Assert.Equal(Wire.ScoreKind.Cosine, bare.ScoreKind);
            foreach (Wire.Hit hit in bare.Hits)
            {
                double off = rescored.Hits.Where(h => h.Id.Equals(hit.Id)).Select(h => Math.Abs(h.Score - hit.Score)).FirstOrDefault();
                Assert.True(off < 0.02, $"the code of {hit.Id} is off by {off}");
                differ += off > 1e-6 ? 1 : 0;
            }
            request.MinScore = bare.Hits[4].Score;
            Assert.Equal(bare.Hits.TakeWhile(h => h.Score >= request.MinScore), (await host.SearchAsync(request)).Hits);
        }
        Assert.True(differ > 0, "every score is that of the stored vector");
    }

    [Fact]
    public async Task Points_that_no_graph_has_are_scored_exactly_and_said_to_be()
    {
        await using SearchHost host = await SearchHost.StartAsync(90);
        Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(new Random(1)));
        Wire.SearchReply exact = await host.SearchAsync(request);
        request.Walk = new Wire.WalkOptions { Rescoring = Wire.Rescoring.None };
        Wire.SearchReply bare = await host.SearchAsync(request);
        Assert.Equal(exact.Hits, bare.Hits);
        Assert.Equal(Wire.RecallBasis.Exact, bare.Recall.Basis);
        Assert.Equal(90ul, bare.Plan.Unindexed);
    }
}
