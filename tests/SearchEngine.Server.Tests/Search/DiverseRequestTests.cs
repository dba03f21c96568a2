using SearchEngine.Collections;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Search.Diversity;
using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Server.Tests.Search;

/// <summary>Searches for hits that differ through every call that searches. What is chosen is compared with the definition in the engine's own tests.</summary>
public sealed class DiverseRequestTests
{
    private const int Points = 1_200;

    [Fact]
    public async Task Diverse_hits_are_those_of_the_library_with_their_scores_and_plain_ranks()
    {
        await using SearchHost host = await SearchHost.StartAsync(Points, flushEvery: 1_000);
        using PinnedView view = host.Collection.Pin();
        var random = new Random(41);
        for (int i = 0; i < 20; i++)
        {
            float[] query = SearchHost.Values(random);
            Wire.SearchRequest request = SearchHost.Request(query, (uint)random.Next(1, 30));
            request.Offset = (uint)random.Next(3);
            request.Diversity = new Wire.Diversity { Candidates = i % 2 == 0 ? 0 : 150U };
            if (i % 3 > 0)
            {
                request.Diversity.Strength = i % 3 == 1 ? 0 : 0.8f;
            }
            request.Fields = new Wire.ReturnFields { Attributes = { "topic" }, Details = { Wire.Detail.Components } };
            Wire.SearchReply reply = await host.SearchAsync(request);

            var asked = new SearchRequest { Query = query, Count = (int)request.K, Offset = (int)request.Offset };
            DiverseResult expected = view.SearchDiverse(
                asked, new Diversification(i % 2 == 0 ? 5 * (int)request.K : 150, i % 3 == 0 ? 0.3f : request.Diversity.Strength));
            Assert.Equal(expected.Result.Hits.Select(static h => (h.Id.Number, h.Score)), reply.Hits.Select(static h => (h.Id.Number, h.Score)));
            Assert.Equal(expected.Ranks, reply.Hits.Select(static h => (int)h.Components[0].Rank));
            Assert.All(reply.Hits, static h => Assert.Equal($"t{h.Id.Number % 5}", h.Point.Attributes["topic"].KeywordValue));
            Assert.True(reply.Complete && reply.Grouped is null, $"search {i}: {reply}");
        }
    }

    [Fact]
    public async Task Streams_batches_and_pipelines_end_with_the_hits_that_Search_gives()
    {
        const int Seed = 42;
        await using SearchHost host = await SearchHost.StartAsync(Points, flushEvery: 1_000);
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> pipeline =
            await host.Channel.DuplexAsync(SearchHost.Pipeline, cancellation: TestContext.Current.CancellationToken);
        await pipeline.ReadAsync();
        var random = new Random(Seed);
        for (int i = 0; i < 40; i++)
        {
            Wire.SearchRequest request = RandomSearches.Make(random, Points);
            if (request.Query?.KindCase == Wire.Query.KindOneofCase.Lexical)
            {
                continue;
            }
            request.Diversity = new Wire.Diversity { Strength = (float)random.NextDouble() };
            string suspect = $"seed {Seed}, search {i}: {request}";
            Wire.SearchReply alone = await host.SearchAsync(request);
            await using ServerStreamCall<Wire.SearchStreamRequest, Wire.SearchFrame> stream = await host.Channel.ServerStreamAsync(
                SearchHost.Stream, new Wire.SearchStreamRequest { Search = request }, cancellation: TestContext.Current.CancellationToken);
            Wire.SearchFrame? last = null;
            await foreach (Wire.SearchFrame frame in stream.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                Assert.True(frame.Result is not { FinalPrefix: > 0 }, $"{suspect}: hits are said to be final before any was chosen");
                last = frame;
            }
            var inBatch = new Wire.SearchBatchRequest { Header = request.Header, Searches = { request.Clone() } };
            inBatch.Searches[0].Header = null;
            Wire.SearchBatchReply batch = await host.Channel.UnaryAsync(SearchHost.Batch, inBatch, cancellation: TestContext.Current.CancellationToken);
            await pipeline.WriteAsync(new Wire.PipelineRequest { CallId = (ulong)i, Search = request });
            Wire.SearchReply piped = (await pipeline.ReadAsync())!.Reply;
            foreach (Wire.SearchReply? other in new[] { last!.Reply, batch.Items[0].Reply, piped })
            {
                Assert.True(alone.Hits.Equals(other?.Hits) && alone.Plan.Equals(other.Plan), suspect);
            }
        }
    }
}
