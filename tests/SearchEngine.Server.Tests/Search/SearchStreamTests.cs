using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Writes;
using SearchEngine.Rpc.Client;
using SearchEngine.Testing;
using Xunit;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Tests.Search;

public sealed class SearchStreamTests
{
    private const int Points = 4_000;
    private const int Searches = 700;
    private const int SearchesPerWrite = 100;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1_000)]
    [InlineData(3, 3_000)]
    public async Task Closing_frame_equals_the_unary_reply_and_proved_prefixes_never_change(int seed, int flushEvery)
    {
        await using SearchHost host = await SearchHost.StartAsync(Points, seed, flushEvery);
        await host.Collection.FlushAsync(TestContext.Current.CancellationToken);
        var random = new Random(seed);
        foreach (int i in LongTests.Seeds(0, Searches))
        {
            if (i % SearchesPerWrite == SearchesPerWrite - 1)
            {
                await WriteAsync(host, random);
            }
            Wire.SearchRequest request = RandomSearches.Make(random, Points);
            Wire.StreamForm form = (Wire.StreamForm)random.Next(0, 4);
            string when = $"seed {seed}, search {i}: {request}, {form}";
            if (await host.TrySearchAsync(request) is not { } before)
            {
                // A query by a point that was deleted.
                continue;
            }
            List<Wire.SearchFrame> frames = await FramesAsync(host, new Wire.SearchStreamRequest { Search = request, Form = form });
            Assert.True(frames.Count >= 2 && frames[0].Plan is not null && frames[^1].Reply is not null, $"a stream starts with a plan and ends with a reply: {when}");
            Wire.SearchReply closing = RandomSearches.Comparable(frames[^1].Reply);
            Wire.SearchReply expected = RandomSearches.Comparable(before);
            if (!expected.Equals(closing))
            {
                // Upkeep moves points into graphs at any time; then what is searched after it is like the stream.
                expected = RandomSearches.Comparable(await host.SearchAsync(request));
            }
            Assert.True(
                expected.Equals(closing),
                $"hits alike: {expected.Hits.Equals(closing.Hits)}\nunary   {expected.Header.Cost} {expected.Plan}\nclosing {closing.Header.Cost} {closing.Plan}\n{when}");
            CheckResults(frames, frames[^1].Reply, form, when);
        }
    }

    [Fact]
    public async Task Moments_show_only_what_the_filter_accepts()
    {
        await using SearchHost host = await SearchHost.StartAsync(Points, seed: 4, flushEvery: 2_000);
        foreach (Engine.Accuracy accuracy in new[] { Engine.Accuracy.Exact, Engine.Accuracy.OfBreadth(300), Engine.Accuracy.OfRecall(0.99f) })
        {
            for (int i = 0; i < 20; i++)
            {
                var seen = new CollectingProgress();
                var filter = new Filter { Must = [new Condition.EqualTo("topic", AttributeValue.OfKeyword("t3"))] };
                var request = new Engine.SearchRequest { Query = SearchHost.Values(new Random(i)), Filter = filter, Count = 20, Accuracy = accuracy };
                Engine.SearchResult result = host.Collection.Watch(request, null, seen, TestContext.Current.CancellationToken).Result;
                Assert.True(seen.Moments.Count > 0, "nothing was shown at all");
                Assert.All(seen.Moments.SelectMany(m => m.Hits), h => Assert.True(h.Id.Number % 5 == 3, $"{h.Id} does not match the filter and was shown on the way"));
                Assert.True(seen.Moments[^1].IsFinal, "the last moment is the end");
                Assert.Equal(result.Hits, seen.Moments[^1].Hits);
            }
        }
    }

    [Fact]
    public async Task Stream_of_a_refused_search_ends_with_the_refusal()
    {
        await using SearchHost host = await SearchHost.StartAsync(10);
        var request = new Wire.SearchStreamRequest { Search = SearchHost.Request(new float[7]) };
        Rpc.RpcException refused = await Assert.ThrowsAsync<Rpc.RpcException>(() => FramesAsync(host, request));
        Assert.Equal("DIMENSION_MISMATCH", refused.Reason);
    }

    // Some points go, some get other vectors, and sometimes the live segment is flushed; all of it is done when this returns.
    private static async Task WriteAsync(SearchHost host, Random random)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        WriteOperation[] writes =
        [
            .. Enumerable.Range(0, 60).Select(_ => random.Next(1, Points + 1)).Distinct().Select(id => random.Next(3) > 0
                ? new WriteOperation.Delete(new DocumentId((ulong)id), null)
                : (WriteOperation)new WriteOperation.Put(SearchHost.Point(id, random.Next()))),
        ];
        await host.Collection.WriteAsync(writes, cancel: cancel);
        if (random.Next(2) == 0)
        {
            await host.Collection.FlushAsync(cancel);
        }
    }

    private static async Task<List<Wire.SearchFrame>> FramesAsync(SearchHost host, Wire.SearchStreamRequest request)
    {
        List<Wire.SearchFrame> frames = [];
        await using ServerStreamCall<Wire.SearchStreamRequest, Wire.SearchFrame> call =
            await host.Channel.ServerStreamAsync(SearchHost.Stream, request, cancellation: TestContext.Current.CancellationToken);
        await foreach (Wire.SearchFrame frame in call.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            frames.Add(frame);
        }
        return frames;
    }

    private static void CheckResults(List<Wire.SearchFrame> frames, Wire.SearchReply reply, Wire.StreamForm form, string when)
    {
        List<Wire.Hit> current = [];
        uint last = 0;
        foreach (Wire.SearchFrame frame in frames[1..^1])
        {
            Wire.ResultFrame result = frame.Result;
            Assert.True(result is not null && form != Wire.StreamForm.FinalOnly, $"only results stand between plan and reply, none with FINAL_ONLY: {when}");
            Assert.True(result.Revision > last, $"revision {result.Revision} after {last}: {when}");
            current = result.Whole is { } whole ? [.. whole.Hits] : Apply(current, result.Delta, last, when);
            last = result.Revision;
            Assert.True(result.FinalPrefix <= current.Count, $"a prefix of {result.FinalPrefix} of {current.Count}: {when}");
            if (result.FinalBasis == Wire.FinalBasis.Proved)
            {
                for (int i = 0; i < result.FinalPrefix; i++)
                {
                    Assert.True(
                        i < reply.Hits.Count && reply.Hits[i].Id.Equals(current[i].Id) && reply.Hits[i].Score == current[i].Score,
                        $"hit {i} was proved to be final and changed: {when}");
                }
            }
        }
    }

    private static List<Wire.Hit> Apply(List<Wire.Hit> before, Wire.HitDelta delta, uint last, string when)
    {
        Assert.True(delta.BaseRevision == last, $"changes to revision {delta.BaseRevision}, the last one sent was {last}: {when}");
        Wire.Hit[] list = new Wire.Hit[delta.Length];
        before.Take(list.Length).ToArray().CopyTo(list, 0);
        foreach (Wire.RankedHit changed in delta.Changed)
        {
            list[changed.Position] = changed.Hit;
        }
        Assert.All(list, hit => Assert.True(hit is not null, $"changes leave a place empty: {when}"));
        return [.. list];
    }

    private sealed class CollectingProgress : Engine.ISearchProgress
    {
        public List<Engine.SearchMoment> Moments { get; } = [];

        public bool IsWanted => true;

        public void Planned(long matches, int segments, ulong sequence)
        {
        }

        public void Improved(Engine.SearchMoment moment) => Moments.Add(moment);
    }
}
