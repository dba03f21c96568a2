using SearchEngine.Rpc.Client;
using SearchEngine.Server.Tests.Search;
using Xunit;

namespace SearchEngine.Server.Tests.Security;

/// <summary>
/// Of every kind of search: where the best candidates are points that the caller's key hides, the answer is that of a collection which never
/// had them, in every call that searches.
/// </summary>
public sealed class HiddenBestTests : IDisposable
{
    private const string Mixed = "mixed", Bare = "bare";
    private const int Points = 80;

    /// <summary>A visible point that is like the hidden ones, to be the query.</summary>
    private const ulong Shared = 1;

    private readonly KeyFolder _keys = new();

    public static TheoryData<string> Kinds => [.. Enum.GetNames<Kind>()];

    private enum Kind
    {
        Sparse,
        SparsePoint,
        Multi,
        MultiPoint,
        Late,
        LateHybrid,
        Grouped,
        GroupedSparse,
        GroupedMulti,
        GroupedHybrid,
        Diverse,
        DiverseHybrid,
    }

    public void Dispose() => _keys.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Hidden_points_change_neither_hits_nor_scores_groups_and_counts(string kind)
    {
        string key = _keys.Add("guest", ["read"], filter: Api.Topic("shown"));
        string owner = _keys.Add("owner", ["read", "write", "admin"]);
        await using RunningServer server = await RunningServer.StartAsync(_keys.Security);
        using RpcChannel guest = server.Connect(key), writer = server.Connect(owner);
        await FillAsync(new Api(writer), Mixed, static _ => true);
        await FillAsync(new Api(writer), Bare, static id => !IsHidden(id));

        Wire.SearchRequest request = Request(Enum.Parse<Kind>(kind));
        Wire.SearchReply whole = await SearchAsync(writer, request, Mixed);
        Assert.True(Hits(whole).Any(static h => IsHidden(h.Id.Number)), "No hidden point is among the best: the test does not test it.");
        Wire.SearchReply expected = Shown(await SearchAsync(guest, request, Bare));
        Assert.True(expected.Complete && Hits(expected).Any(), $"{expected}");
        Wire.SearchReply alone = await SearchAsync(guest, request, Mixed);
        Assert.DoesNotContain(Hits(alone), static h => IsHidden(h.Id.Number));
        Same(expected, alone, "Search");
        Same(expected, await LastOfStreamAsync(guest, request), "SearchStream");
        Same(expected, await InBatchAsync(guest, request), "SearchBatch");
        Same(expected, await InPipelineAsync(guest, request), "SearchPipeline");
    }

    [Fact]
    public async Task Plans_tell_an_owner_of_segments_and_unindexed_points_and_a_guest_of_neither()
    {
        string key = _keys.Add("guest", ["read"], filter: Api.Topic("shown"));
        string owner = _keys.Add("owner", ["read", "write", "admin"]);
        await using RunningServer server = await RunningServer.StartAsync(_keys.Security);
        using RpcChannel guest = server.Connect(key), writer = server.Connect(owner);
        await FillAsync(new Api(writer), Mixed, static _ => true);
        foreach (Kind kind in (Kind[])[Kind.Sparse, Kind.Multi, Kind.Late, Kind.LateHybrid, Kind.Grouped, Kind.Diverse])
        {
            Wire.SearchRequest request = Request(kind);
            Wire.Plan told = (await SearchAsync(writer, request, Mixed)).Plan;
            Assert.True(Parts(told).Any(static p => p.Segments > 0), $"{kind}: the owner is told {told}");
            Wire.Plan[] hidden =
            [
                (await SearchAsync(guest, request, Mixed)).Plan, (await LastOfStreamAsync(guest, request)).Plan, await FirstOfStreamAsync(guest, request),
                (await InBatchAsync(guest, request))!.Plan, (await InPipelineAsync(guest, request))!.Plan,
            ];
            Assert.All(hidden.SelectMany(Parts), p => Assert.True((p.Segments, p.Unindexed) == (0, 0), $"{kind}: the guest is told {p}"));
        }
    }

    [Theory]
    [InlineData("splade")]
    [InlineData("tokens")]
    public async Task Hidden_point_is_no_query_of_a_sparse_or_multi_vector(string vector)
    {
        string key = _keys.Add("guest", ["read"], filter: Api.Topic("shown"));
        string owner = _keys.Add("owner", ["read", "write", "admin"]);
        await using RunningServer server = await RunningServer.StartAsync(_keys.Security);
        using RpcChannel guest = server.Connect(key), writer = server.Connect(owner);
        await FillAsync(new Api(writer), Mixed, static _ => true);
        var request = new Wire.SearchRequest { Query = new Wire.Query { Id = new Wire.Id { Number = 4 }, VectorName = vector } };
        Assert.NotEmpty((await SearchAsync(writer, request, Mixed)).Hits);
        await RunningServer.RefusedAsync(() => SearchAsync(guest, request, Mixed), Wire.ErrorReason.PointUnknown, "query.id");
    }

    private static Wire.SearchRequest Request(Kind kind)
    {
        var request = new Wire.SearchRequest { K = 6, Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() } };
        Wire.Query dense = new() { Vector = new Wire.Vector { Values = { 0, 0, 0, 1 } } };
        Wire.Query sparse = new() { Sparse = new Wire.SparseVector { Indices = { 3, 9 }, Values = { 1, 0.5f } } };
        Wire.Query multi = new() { Multi = Rows(0, 0, 0, 1, 0, 0, 1, 0) };
        var hybrid = new Wire.HybridQuery
        {
            Components = { new Wire.Component { Query = dense }, new Wire.Component { Query = sparse }, new Wire.Component { Query = multi } },
            Fusion = new Wire.Fusion { Convex = new Wire.ConvexFusion { Scaling = Wire.ScoreScaling.MinMax } },
        };
        switch (kind)
        {
            case Kind.Late or Kind.Grouped or Kind.Diverse: request.Query = dense; break;
            case Kind.Sparse or Kind.GroupedSparse: request.Query = sparse; break;
            case Kind.SparsePoint: request.Query = new Wire.Query { Id = new Wire.Id { Number = Shared }, VectorName = "splade" }; break;
            case Kind.MultiPoint: request.Query = new Wire.Query { Id = new Wire.Id { Number = Shared }, VectorName = "tokens" }; break;
            case Kind.Multi or Kind.GroupedMulti: request.Query = multi; break;
            default: request.Hybrid = hybrid; break;
        }
        if (kind is Kind.Late or Kind.LateHybrid)
        {
            request.LateInteraction = new Wire.LateInteraction { Query = multi.Multi, Candidates = 12 };
        }
        if (kind is Kind.Grouped or Kind.GroupedSparse or Kind.GroupedMulti or Kind.GroupedHybrid)
        {
            request.Grouping = new Wire.Grouping { Attribute = "year", HitsPerGroup = 2 };
        }
        if (kind is Kind.Diverse or Kind.DiverseHybrid)
        {
            request.Diversity = new Wire.Diversity { Candidates = 12 };
        }
        if (kind is not (Kind.Diverse or Kind.DiverseHybrid or Kind.Late or Kind.Grouped or Kind.LateHybrid or Kind.GroupedHybrid))
        {
            request.Accuracy = null;
        }
        return request;
    }

    private static bool IsHidden(ulong id) => id % 2 == 0;

    // Hidden points are like the queries, and stand in groups of their own as well as in those of others.
    private static async Task FillAsync(Api api, string name, Func<ulong, bool> isIn)
    {
        Wire.CollectionConfig config = Api.Config();
        config.Vectors.Add(new Wire.VectorSchema { Name = "splade", Kind = Wire.VectorKind.Sparse });
        config.Vectors.Add(new Wire.VectorSchema { Name = "tokens", Kind = Wire.VectorKind.Multi, Dimension = Api.Dimension });
        await api.CreateAsync(name, config);
        await api.UpsertAsync(name, [.. Enumerable.Range(1, Points).Select(static i => (ulong)i).Where(isIn).Select(Point)]);
    }

    private static Wire.Point Point(ulong id)
    {
        bool isHidden = IsHidden(id);
        Wire.Point point = Api.Point(id, isHidden ? "hidden" : "shown", (long)(isHidden ? 2000 + id % 12 : 2000 + id % 7));
        float off = id / 1_000f;
        point.Vector.Values.Clear();
        point.Vector.Values.Add(isHidden ? [off, 0, 0, 1] : [1, off, 2 * off, 0.5f]);
        var sparse = new Wire.SparseVector { Indices = { 3, 9, 20 + (uint)id % 3 }, Values = { isHidden ? 9 : 1 + off, off, 1 } };
        point.Vectors.Add("splade", new Wire.AnyVector { Sparse = sparse });
        point.Vectors.Add("tokens", new Wire.AnyVector { Multi = isHidden || id == Shared ? Rows(off, 0, 0, 1, 0, off, 1, 0) : Rows(1, off, 0, 0.5f, 1, 0, 0.3f, off) });
        return point;
    }

    private static Wire.MultiVector Rows(params float[] values) => new() { Dimension = Api.Dimension, Values = { values } };

    private static IEnumerable<Wire.Hit> Hits(Wire.SearchReply reply) => reply.Hits.Concat(reply.Grouped?.Groups.SelectMany(static g => g.Hits) ?? []);

    private static Wire.SearchRequest In(Wire.SearchRequest request, string? collection)
    {
        Wire.SearchRequest own = request.Clone();
        own.Header = collection is null ? null : Api.Header(collection);
        return own;
    }

    private static Task<Wire.SearchReply> SearchAsync(RpcChannel channel, Wire.SearchRequest request, string collection) =>
        channel.UnaryAsync(SearchHost.Search, In(request, collection), cancellation: TestContext.Current.CancellationToken);

    private static async Task<Wire.SearchReply> LastOfStreamAsync(RpcChannel channel, Wire.SearchRequest request)
    {
        await using ServerStreamCall<Wire.SearchStreamRequest, Wire.SearchFrame> call =
            await channel.ServerStreamAsync(SearchHost.Stream, new Wire.SearchStreamRequest { Search = In(request, Mixed) });
        List<Wire.SearchFrame> frames = await call.ReadAllAsync().ToListAsync();
        foreach (Wire.SearchFrame frame in frames.Where(static f => f.Result is not null))
        {
            Assert.DoesNotContain(frame.Result.Whole.Hits, static h => IsHidden(h.Id.Number));
        }
        return frames[^1].Reply;
    }

    private static async Task<Wire.Plan> FirstOfStreamAsync(RpcChannel channel, Wire.SearchRequest request)
    {
        await using ServerStreamCall<Wire.SearchStreamRequest, Wire.SearchFrame> call =
            await channel.ServerStreamAsync(SearchHost.Stream, new Wire.SearchStreamRequest { Search = In(request, Mixed) });
        return (await call.ReadAllAsync().ToListAsync())[0].Plan.Plan;
    }

    private static IEnumerable<Wire.Plan> Parts(Wire.Plan plan) => [plan, .. plan.Components];

    private static async Task<Wire.SearchReply?> InBatchAsync(RpcChannel channel, Wire.SearchRequest request) => (await channel.UnaryAsync(
        SearchHost.Batch, new Wire.SearchBatchRequest { Header = Api.Header(Mixed), Searches = { In(request, null) } },
        cancellation: TestContext.Current.CancellationToken)).Items.Single().Reply;

    private static async Task<Wire.SearchReply?> InPipelineAsync(RpcChannel channel, Wire.SearchRequest request)
    {
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> call = await channel.DuplexAsync(SearchHost.Pipeline);
        await call.ReadAsync();
        await call.WriteAsync(new Wire.PipelineRequest { CallId = 1, Search = In(request, Mixed) });
        Wire.PipelineReply answer = (await call.ReadAsync())!;
        call.CompleteRequests();
        return answer.Reply;
    }

    private static void Same(Wire.SearchReply expected, Wire.SearchReply? actual, string call) =>
        Assert.True(actual is not null && expected.Equals(Shown(actual)), $"{call}:\nwithout them {expected}\nwith them    {actual}");

    // What does not depend on the time, and not on how many points are stored.
    private static Wire.SearchReply Shown(Wire.SearchReply reply)
    {
        Wire.SearchReply copy = RandomSearches.Comparable(reply);
        copy.Header = null;
        return copy;
    }
}
