using Google.Protobuf;
using SearchEngine.Rpc.Client;
using SearchEngine.Server.Tests.Search;
using Xunit;

namespace SearchEngine.Server.Tests.Security;

/// <summary>A principal with the injected filter F sees and changes exactly what an owner that adds F to its request does.</summary>
public sealed class InjectedFilterTests : IDisposable
{
    private const int Points = 3_000;
    private const int Requests = 600;

    private readonly KeyFolder _keys = new();

    private static Wire.Filter F => new()
    {
        Must =
        {
            new Wire.Condition { Range = new Wire.RangeCondition { Attribute = "year", AtLeast = new Wire.Value { IntegerValue = 1960 } } },
        },
        MustNot = { SearchHost.Topic("t3").Must[0] },
    };

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Searches_of_every_kind_and_counts_are_those_of_an_owner_that_adds_the_filter()
    {
        await using RunningServer server = await StartAsync();
        using RpcChannel owner = server.Connect(_owner!), guest = server.Connect(_guest!);
        var random = new Random(17);
        int hidden = 0;
        for (int i = 0; i < Requests; i++)
        {
            Wire.SearchRequest asked = RandomSearches.Make(random, Points);
            Wire.SearchRequest added = asked.Clone();
            added.Filter = With(asked.Filter);
            if (asked.Query?.KindCase == Wire.Query.KindOneofCase.Id && await VisibleAsync(owner, asked.Query!.Id.Number) == 0)
            {
                // What cannot be seen cannot be searched with.
                await RunningServer.RefusedAsync(() => guest.UnaryAsync(SearchHost.Search, asked), Wire.ErrorReason.PointUnknown, "query.id");
                hidden++;
                continue;
            }
            Wire.SearchReply expected = Comparable(await owner.UnaryAsync(SearchHost.Search, added));
            string where = $"request {i} of seed 17: {asked}";
            Same(expected, Comparable(await guest.UnaryAsync(SearchHost.Search, asked)), where);
            switch (i % 5)
            {
                case 0:
                    Same(expected, Comparable(await LastOfStreamAsync(guest, asked)), "the stream's closing frame of " + where);
                    break;
                case 1:
                    Same(expected, Comparable(await InBatchAsync(guest, asked)), "the batch of " + where);
                    break;
                case 2:
                    Same(expected, Comparable(await InPipelineAsync(guest, asked)), "the pipeline of " + where);
                    break;
                case 3 when expected.Hits.Count > 0:
                    Wire.Id id = expected.Hits[random.Next(expected.Hits.Count)].Id;
                    Same(Comparable(await ExplainAsync(owner, added, id)), Comparable(await ExplainAsync(guest, asked, id)), "the explanation of " + where);
                    break;
                default:
                    Assert.Equal(await new Api(owner).CountAsync(SearchHost.Name, With(asked.Filter)), await new Api(guest).CountAsync(SearchHost.Name, asked.Filter));
                    break;
            }
        }
        Assert.True(hidden > 0, "No request searched with a hidden point: the test does not test it.");
    }

    [Fact]
    public async Task Reads_scrolls_and_descriptions_show_nothing_of_what_is_hidden()
    {
        await using RunningServer server = await StartAsync();
        using RpcChannel ownerChannel = server.Connect(_owner!), guestChannel = server.Connect(_guest!);
        Api owner = new(ownerChannel), guest = new(guestChannel);
        HashSet<ulong> visible = [.. (await owner.ScrollAllAsync(Scroll(F))).SelectMany(f => f.Points).Select(p => p.Id.Number)];
        HashSet<ulong> seen = [.. (await guest.ScrollAllAsync(Scroll(null))).SelectMany(f => f.Points).Select(p => p.Id.Number)];
        Assert.True(visible.SetEquals(seen) && visible.Count is > 0 and < Points, "The scroll shows something else than the owner's with the filter.");
        for (ulong id = 1; id < 100; id++)
        {
            Wire.Point? point = await guest.GetAsync(SearchHost.Name, id);
            Assert.True(visible.Contains(id) == point is not null, $"Point {id} is {(point is null ? "missing" : "shown")}.");
            if (!visible.Contains(id))
            {
                await RunningServer.RefusedAsync(() => ExplainAsync(guestChannel, SearchHost.Request(SearchHost.Values(new Random(1))), new Wire.Id { Number = id }), Wire.ErrorReason.PointUnknown, "id");
            }
        }
        var described = await guest.CollectionsAsync<Wire.DescribeCollectionRequest, Wire.DescribeCollectionReply>("Describe", new() { Header = Api.Header(SearchHost.Name) });
        Assert.Equal((ulong)visible.Count, described.Collection.LivePoints);
        Assert.Equal((0UL, 0UL, 0U, 0UL), (described.Collection.Tombstones, described.Collection.UnindexedPoints, described.Collection.Segments, described.Collection.LogTailBytes));
        Assert.Empty(described.Collection.Bytes);
        Wire.CollectionSummary summary = Assert.Single((await guest.CollectionsAsync<Wire.ListCollectionsRequest, Wire.ListCollectionsReply>("List", new())).Collections, c => c.Name == SearchHost.Name);
        Assert.Equal(((ulong)visible.Count, 0UL), (summary.LivePoints, summary.DiskBytes));
    }

    [Fact]
    public async Task Writes_reach_what_is_visible_and_leave_what_is_visible()
    {
        await using RunningServer server = await StartAsync();
        using RpcChannel ownerChannel = server.Connect(_owner!), guestChannel = server.Connect(_guest!);
        Api owner = new(ownerChannel), guest = new(guestChannel);
        Wire.Point hidden = (await owner.GetAsync(SearchHost.Name, 3))!, shown = (await owner.GetAsync(SearchHost.Name, 61))!;
        Assert.Equal((0UL, 1UL), (await VisibleAsync(ownerChannel, 3), await VisibleAsync(ownerChannel, 61)));
        Wire.Point fresh = shown.Clone(), outside = shown.Clone(), taken = shown.Clone(), moved = shown.Clone();
        (fresh.Id, outside.Id, taken.Id) = (new Wire.Id { Number = 9_001 }, new Wire.Id { Number = 9_002 }, hidden.Id);
        (outside.Attributes["year"], moved.Attributes["year"]) = (new Wire.Value { IntegerValue = 1900 }, new Wire.Value { IntegerValue = 1900 });
        Array.ForEach([fresh, outside, taken, moved], p => p.Version = 0);
        Wire.UpsertReply reply = await guest.UpsertAsync(SearchHost.Name, r => r.ItemPolicy = Wire.ItemPolicy.SkipItem, fresh, outside, taken, moved);
        Assert.Equal(1U, reply.Written);
        Assert.Equal([1UL, 2UL, 3UL], reply.Refused.Select(r => r.Index));
        Assert.All(reply.Refused, r => Assert.Equal(Wire.ErrorReason.Permission, r.Error.Reason));
        await RunningServer.RefusedAsync(() => guest.UpsertAsync(SearchHost.Name, fresh, taken), Wire.ErrorReason.Permission, "points[1].id");
        Assert.Equal(hidden, await owner.GetAsync(SearchHost.Name, 3));

        await RunningServer.RefusedAsync(() => UpdateAsync(guest, new Wire.PointSelector { Ids = Ids(3) }), Wire.ErrorReason.PointUnknown, "points");
        Wire.UpdateAttributesReply updated = await UpdateAsync(guest, new Wire.PointSelector { Filter = new Wire.Filter() });
        Assert.Equal(await owner.CountAsync(SearchHost.Name, F), updated.Updated);
        Assert.Equal(hidden, await owner.GetAsync(SearchHost.Name, 3));
        await RunningServer.RefusedAsync(() => UpdateAsync(guest, new Wire.PointSelector { Ids = Ids(61) }, topic: "t3"), Wire.ErrorReason.Permission, "id");

        Assert.Equal(0UL, (await DeleteAsync(guest, new Wire.PointSelector { Ids = Ids(3) })).Deleted);
        Assert.Equal(1UL, (await DeleteAsync(guest, new Wire.PointSelector { Ids = Ids(61) })).Deleted);
        ulong all = await owner.CountAsync(SearchHost.Name), visible = await owner.CountAsync(SearchHost.Name, F);
        Assert.Equal(visible, (await DeleteAsync(guest, new Wire.PointSelector { Filter = new Wire.Filter() })).Deleted);
        Assert.Equal(all - visible, await owner.CountAsync(SearchHost.Name));
        Assert.Equal(hidden, await owner.GetAsync(SearchHost.Name, 3));
    }

    [Fact]
    public async Task Collection_that_the_filter_does_not_fit_shows_nothing()
    {
        await using RunningServer server = await StartAsync();
        using RpcChannel ownerChannel = server.Connect(_owner!), guestChannel = server.Connect(_guest!);
        await new Api(ownerChannel).CreateAsync("other", new Wire.CollectionConfig { Vectors = { new Wire.VectorSchema { Dimension = 4 } } });
        await RunningServer.RefusedAsync(() => new Api(guestChannel).CountAsync("other"), Wire.ErrorReason.Permission);
        await RunningServer.RefusedAsync(() => new Api(guestChannel).GetAsync("other", 1), Wire.ErrorReason.Permission);
    }

    private string? _owner;
    private string? _guest;

    private async Task<RunningServer> StartAsync()
    {
        _owner = _keys.Add("owner", ["read", "write", "admin"]);
        _guest = _keys.Add("guest", ["read", "write"], filter: F);
        RunningServer server = await RunningServer.StartAsync(_keys.Security);
        using RpcChannel channel = server.Connect(_owner);
        var api = new Api(channel);
        await api.CreateAsync(SearchHost.Name, SearchHost.Config);
        foreach (int[] some in Enumerable.Range(1, Points).Chunk(500))
        {
            await api.UpsertAsync(SearchHost.Name, [.. some.Select(id => SearchHost.WirePoint(id, seed: 1))]);
        }
        return server;
    }

    private static Wire.Filter With(Wire.Filter? own)
    {
        Wire.Filter both = own?.Clone() ?? new Wire.Filter();
        both.Must.Add(new Wire.Condition { Filter = F });
        return both;
    }

    private static Task<ulong> VisibleAsync(RpcChannel owner, ulong id) =>
        new Api(owner).CountAsync(SearchHost.Name, With(new Wire.Filter { Must = { new Wire.Condition { Ids = Ids(id) } } }));

    private static Wire.IdSet Ids(ulong id) => new() { Numbers = { id } };

    private static Wire.ScrollRequest Scroll(Wire.Filter? filter) => new() { Header = Api.Header(SearchHost.Name), Filter = filter };

    private static async Task<Wire.SearchReply> LastOfStreamAsync(RpcChannel channel, Wire.SearchRequest search)
    {
        await using ServerStreamCall<Wire.SearchStreamRequest, Wire.SearchFrame> call =
            await channel.ServerStreamAsync(SearchHost.Stream, new Wire.SearchStreamRequest { Search = search });
        return (await call.ReadAllAsync().ToListAsync())[^1].Reply;
    }

    private static async Task<Wire.SearchReply> InBatchAsync(RpcChannel channel, Wire.SearchRequest search)
    {
        Wire.SearchRequest item = search.Clone();
        item.Header = null;
        Wire.SearchBatchItem answer = (await channel.UnaryAsync(SearchHost.Batch, new Wire.SearchBatchRequest { Header = search.Header, Searches = { item } })).Items.Single();
        return answer.Reply ?? throw new InvalidOperationException(answer.Error.ToString());
    }

    private static async Task<Wire.SearchReply> InPipelineAsync(RpcChannel channel, Wire.SearchRequest search)
    {
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> call = await channel.DuplexAsync(SearchHost.Pipeline);
        await call.ReadAsync();
        await call.WriteAsync(new Wire.PipelineRequest { CallId = 1, Search = search });
        Wire.PipelineReply answer = (await call.ReadAsync())!;
        call.CompleteRequests();
        return answer.Reply ?? throw new InvalidOperationException(answer.Error.ToString());
    }

    private static Task<Wire.ExplainReply> ExplainAsync(RpcChannel channel, Wire.SearchRequest search, Wire.Id id) =>
        channel.UnaryAsync(SearchHost.Explain, new Wire.ExplainRequest { Search = search, Id = id });

    private static Task<Wire.UpdateAttributesReply> UpdateAsync(Api api, Wire.PointSelector points, string topic = "t9") =>
        api.PointsAsync<Wire.UpdateAttributesRequest, Wire.UpdateAttributesReply>("UpdateAttributes", new()
        {
            Header = Api.Header(SearchHost.Name),
            Points = points,
            Attributes = { ["topic"] = new Wire.Value { KeywordValue = topic } },
        });

    private static Task<Wire.DeleteReply> DeleteAsync(Api api, Wire.PointSelector points) =>
        api.PointsAsync<Wire.DeleteRequest, Wire.DeleteReply>("Delete", new() { Header = Api.Header(SearchHost.Name), Points = points });

    // Without what differs from call to call or from one form of the call to another, and what plans tell nobody with a filter (HiddenBestTests).
    private static Wire.SearchReply Comparable(Wire.SearchReply reply)
    {
        Wire.SearchReply copy = RandomSearches.Comparable(reply);
        copy.Header.AppliedDeadlineMicros = 0;
        Hide(copy.Plan);
        return copy;
    }

    // The owner's own filter has one condition more to give a verdict on.
    private static Wire.ExplainReply Comparable(Wire.ExplainReply reply)
    {
        Wire.ExplainReply copy = reply.Clone();
        copy.Conditions.Clear();
        copy.Header = null;
        Hide(copy.Plan);
        return copy;
    }

    private static void Hide(Wire.Plan whole)
    {
        foreach (Wire.Plan plan in (Wire.Plan[])[whole, .. whole.Components])
        {
            (plan.Segments, plan.Unindexed, plan.Rescored) = (0, 0, 0);
        }
    }

    private static void Same(IMessage expected, IMessage actual, string where) =>
        Assert.True(expected.Equals(actual), $"{where}:\nowner {expected}\nguest {actual}");
}
