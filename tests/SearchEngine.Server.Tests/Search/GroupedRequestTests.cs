using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Server.Calls;
using Xunit;

namespace SearchEngine.Server.Tests.Search;

/// <summary>Grouped searches through every call that searches. What groups hold is compared with an oracle in the engine's own tests.</summary>
public sealed class GroupedRequestTests
{
    private const int Points = 1_500;

    [Fact]
    public async Task Groups_of_exact_searches_are_the_whole_ranking_grouped()
    {
        await using SearchHost host = await SearchHost.StartAsync(Points, flushEvery: 1_000);
        var random = new Random(31);
        for (int i = 0; i < 20; i++)
        {
            Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(random), Points);
            request.Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() };
            request.Filter = i % 2 == 0 ? SearchHost.Topic("t3") : null;
            request.Query = i % 4 == 3 ? new Wire.Query { Id = new Wire.Id { Number = (ulong)i } } : request.Query;
            Wire.SearchReply whole = await host.SearchAsync(request);
            (request.K, request.Offset) = ((uint)random.Next(1, 40), (uint)random.Next(5));
            request.Grouping = new Wire.Grouping { Attribute = "year", HitsPerGroup = (uint)random.Next(5) };
            request.Fields = new Wire.ReturnFields { Attributes = { "year" }, Details = { Wire.Detail.Components } };

            Wire.SearchReply reply = await host.SearchAsync(request);

            (long Year, ulong[] Ids)[] expected = [.. whole.Hits.GroupBy(static h => 1900 + (long)(h.Id.Number % 120))
                .Skip((int)request.Offset).Take((int)request.K)
                .Select(g => (g.Key, g.Take(Math.Max(1, (int)request.Grouping.HitsPerGroup)).Select(static h => h.Id.Number).ToArray()))];
            Assert.True(reply.Complete, $"search {i} is not complete: {reply.IncompleteReason}");
            Assert.Equal(expected.Select(static g => g.Year), reply.Grouped.Groups.Select(static g => g.Value.IntegerValue));
            Assert.Equal(expected.SelectMany(static g => g.Ids), reply.Grouped.Groups.SelectMany(static g => g.Hits).Select(static h => h.Id.Number));
            Assert.Empty(reply.Hits);
            Assert.All(reply.Grouped.Groups, static g => Assert.All(g.Hits, h =>
            {
                Assert.Equal(g.Value, h.Point.Attributes["year"]);
                Assert.Equal((h.Score, 0U), (h.Components[0].Score, h.Components[0].Rank));
            }));
            Assert.Equal((whole.Plan.MatchCount, whole.ScoreKind, whole.Recall), (reply.Plan.MatchCount, reply.ScoreKind, reply.Recall));
            Assert.True(reply.Header.Cost is { RowsRescored: > 0, PredictedCpuMicros: > 0 },
                $"search {i} costs {reply.Header.Cost}");
        }
    }

    [Fact]
    public async Task Streams_batches_and_pipelines_end_with_the_groups_that_Search_gives()
    {
        const int Seed = 32;
        await using SearchHost host = await SearchHost.StartAsync(Points, flushEvery: 1_000);
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> pipeline =
            await host.Channel.DuplexAsync(SearchHost.Pipeline, cancellation: TestContext.Current.CancellationToken);
        await pipeline.ReadAsync();
        var random = new Random(Seed);
        for (int i = 0; i < 60; i++)
        {
            Wire.SearchRequest request = RandomSearches.Make(random, Points);
            request.Grouping = new Wire.Grouping { Attribute = i % 2 == 0 ? "topic" : "year", HitsPerGroup = (uint)random.Next(6) };
            Wire.SearchReply alone = await host.SearchAsync(request);
            string suspect = $"seed {Seed}, search {i}: {request}";
            Assert.True(alone.Complete && alone.Grouped is not null && alone.Hits.Count == 0, suspect);
            Assert.True(alone.Grouped.Groups.Count <= request.K, suspect);

            Wire.SearchReply streamed = await StreamAsync(host, request);
            var inBatch = new Wire.SearchBatchRequest { Header = request.Header, Searches = { request.Clone() } };
            inBatch.Searches[0].Header = null;
            Wire.SearchBatchReply batch = await host.Channel.UnaryAsync(SearchHost.Batch, inBatch, cancellation: TestContext.Current.CancellationToken);
            await pipeline.WriteAsync(new Wire.PipelineRequest { CallId = (ulong)i, Search = request });
            Wire.SearchReply piped = (await pipeline.ReadAsync())!.Reply;
            foreach (Wire.SearchReply other in new[] { streamed, batch.Items[0].Reply, piped })
            {
                Assert.True(alone.Grouped.Equals(other?.Grouped), suspect);
                Assert.True(alone.Plan.Equals(other.Plan) && other.Hits.Count == 0, suspect);
            }
        }
    }

    [Fact]
    public async Task Groups_hold_no_point_that_the_key_of_the_caller_hides()
    {
        var hidden = new Filter { Must = [new Condition.EqualTo("topic", AttributeValue.OfKeyword("t1"))] };
        await using SearchHost guest = await SearchHost.StartAsync(1_000, caller: new Caller("guest", Permissions.Read, hidden));
        Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(new Random(3)), 200);
        request.Grouping = new Wire.Grouping { Attribute = "year", HitsPerGroup = 3 };
        Wire.SearchReply reply = await guest.SearchAsync(request);
        Assert.Equal((24, 200UL), (reply.Grouped.Groups.Count, reply.Plan.MatchCount));
        Assert.All(reply.Grouped.Groups.SelectMany(static g => g.Hits), static h => Assert.Equal(1UL, h.Id.Number % 5));
    }

    [Fact]
    public async Task A_reply_with_groups_keeps_under_the_limit_of_the_client_and_says_what_it_left_out()
    {
        await using SearchHost host = await SearchHost.StartAsync(1_000);
        Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(new Random(4)), 50);
        request.Grouping = new Wire.Grouping { Attribute = "year", HitsPerGroup = 4 };
        request.Fields = new Wire.ReturnFields { Texts = { "body" } };
        request.Header.MaxReplyBytes = 16 << 10;
        Wire.SearchReply reply = await host.SearchAsync(request);
        Assert.Equal(200, reply.Grouped.Groups.Sum(static g => g.Hits.Count));
        Assert.True(reply.CalculateSize() <= 16 << 10, $"the reply has {reply.CalculateSize()} bytes");
        Assert.Contains(reply.Header.Warnings, static w => w is { Kind: Wire.WarningKind.ReplyShortened, Field: "fields.texts" });
    }

    [Fact]
    public async Task Calls_that_ask_about_a_ranking_refuse_groups()
    {
        await using SearchHost host = await SearchHost.StartAsync(100);
        Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(new Random(5)));
        request.Grouping = new Wire.Grouping { Attribute = "topic" };
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => host.Channel.UnaryAsync(
            SearchHost.Explain, new Wire.ExplainRequest { Search = request, Id = new Wire.Id { Number = 1 } },
            cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(("FIELD_NOT_SERVED", "search.grouping"), (refused.Reason, refused.Facts["field"]));
    }

    private static async Task<Wire.SearchReply> StreamAsync(SearchHost host, Wire.SearchRequest request)
    {
        await using ServerStreamCall<Wire.SearchStreamRequest, Wire.SearchFrame> call = await host.Channel.ServerStreamAsync(
            SearchHost.Stream, new Wire.SearchStreamRequest { Search = request }, cancellation: TestContext.Current.CancellationToken);
        Wire.SearchFrame? last = null;
        await foreach (Wire.SearchFrame frame in call.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(last is not null || frame.FrameCase == Wire.SearchFrame.FrameOneofCase.Plan, "the first frame is not the plan");
            last = frame;
        }
        return last!.Reply;
    }
}
