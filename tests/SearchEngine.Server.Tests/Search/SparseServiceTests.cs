using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Server.Tests.Search;

/// <summary>Sparse vectors over the wire: declared, written, read back, searched alone and fused, explained.</summary>
public sealed class SparseServiceTests
{
    private const string Name = "docs";
    private const string Space = "cloud/splade";
    private const int Points = 60;

    private static readonly Dictionary<uint, float> Asked = new() { [2] = 1.5f, [5] = -1, [11] = 0.25f };

    [Fact]
    public async Task Hits_scores_plan_and_stored_weights_are_those_of_the_definition()
    {
        await using RunningServer server = await FilledAsync();
        Wire.CollectionDescription described = await server.Api.DescribeAsync(Name);
        Assert.Equal(
            [(Api.Dimension, Wire.VectorKind.Dense, Wire.Presence.Required), (0, Wire.VectorKind.Sparse, Wire.Presence.Optional)],
            described.Config.Vectors.Select(static v => ((int)v.Dimension, v.Kind, v.Presence)));
        Assert.Equal(["default", "splade"], described.Vectors.Select(static v => v.Name));
        Assert.Equal(Space, described.Vectors[1].Fingerprint.Space);

        Wire.SearchRequest request = Request(Query());
        request.Fields = new Wire.ReturnFields { Vectors = { "splade" }, Details = { Wire.Detail.Components } };
        Wire.SearchReply reply = await SearchAsync(server, request);
        AssertRanked(Expected(static _ => true), reply);
        Assert.Equal(
            (true, Wire.ScoreKind.SparseDot, Wire.Strategy.Postings, Wire.RecallBasis.Exact, Space),
            (reply.Complete, reply.ScoreKind, reply.Plan.Strategy, reply.Recall.Basis, reply.Fingerprint.Space));
        Assert.True(reply.Header.Cost.PredictedCpuMicros > 0, "a sparse search was admitted without a prediction");
        Assert.All(reply.Hits, static h =>
        {
            Assert.Equal(("sparse", h.Score), (h.Components[0].Name, h.Components[0].Score));
            Assert.Equal(Weights(h.Id.Number).Keys, h.Point.Vectors["splade"].Sparse.Indices);
            Assert.Equal(Weights(h.Id.Number).Values, h.Point.Vectors["splade"].Sparse.Values);
        });

        request = Request(Query());
        (request.Filter, request.Offset, request.MinScore) = (Api.Topic("odd"), 1, 0.5f);
        AssertRanked(Expected(static id => id % 2 == 1).Skip(1).Where(static e => (float)e.Score >= 0.5f), await SearchAsync(server, request));
        Assert.Equal(Weights(7).Keys, (await server.Api.GetAsync(Name, 7))!.Vectors["splade"].Sparse.Indices);
    }

    [Fact]
    public async Task A_stored_point_is_a_query_and_a_stream_and_a_batch_end_with_the_same_hits()
    {
        await using RunningServer server = await FilledAsync();
        Wire.SearchReply own = await SearchAsync(server, Request(new Wire.Query { Id = new Wire.Id { Number = 7 }, VectorName = "splade" }));
        AssertRanked(Expected(static id => id != 7, Weights(7)), own);

        Wire.SearchReply alone = await SearchAsync(server, Request(Query()));
        var stream = new Wire.SearchStreamRequest { Search = Request(Query()) };
        await using ServerStreamCall<Wire.SearchStreamRequest, Wire.SearchFrame> call = await server.Channel.ServerStreamAsync(SearchHost.Stream, stream);
        List<Wire.SearchFrame> frames = await call.ReadAllAsync().ToListAsync();
        Assert.Equal(Wire.Strategy.Postings, frames[0].Plan.Plan.Strategy);
        Assert.Equal(alone.Hits, frames[^1].Reply.Hits);
        var batch = new Wire.SearchBatchRequest { Header = Api.Header(Name), Searches = { new Wire.SearchRequest { Query = Query(), K = 1_000 } } };
        Assert.Equal(alone.Hits, (await server.Channel.UnaryAsync(SearchHost.Batch, batch)).Items[0].Reply.Hits);
    }

    [Fact]
    public async Task A_fusion_holds_dense_and_sparse_scores_and_bounds_are_refused()
    {
        await using RunningServer server = await FilledAsync();
        Wire.Point any = Api.Point(3);
        var hybrid = new Wire.HybridQuery
        {
            Components = { new Wire.Component { Query = new Wire.Query { Vector = any.Vector } }, new Wire.Component { Query = Query() } },
            Fusion = new Wire.Fusion { Convex = new Wire.ConvexFusion { Scaling = Wire.ScoreScaling.MinMax } },
        };
        var request = new Wire.SearchRequest { Header = Api.Header(Name), Hybrid = hybrid, K = 20 };
        Wire.SearchReply reply = await SearchAsync(server, request);
        Dictionary<ulong, double> expected = Expected(static _ => true).ToDictionary(static e => e.Id, static e => e.Score);
        Assert.Equal(["dense", "sparse"], reply.Hits.SelectMany(static h => h.Components).Select(static c => c.Name).Distinct().Order());
        Assert.All(reply.Hits.SelectMany(static h => h.Components.Where(static c => c.Name == "sparse").Select(c => (h.Id.Number, c))), h =>
            Assert.Equal(((float)expected[h.Number], Wire.ScoreKind.SparseDot), (h.c.Score, h.c.ScoreKind)));
        hybrid.Fusion.Convex.Scaling = Wire.ScoreScaling.Bounds;
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => SearchAsync(server, request));
        Assert.Equal(("FIELD_INVALID", "hybrid.fusion.convex.scaling"), (refused.Reason, refused.Facts["field"]));
    }

    [Fact]
    public async Task An_explanation_says_what_each_dimension_added()
    {
        await using RunningServer server = await FilledAsync();
        (ulong id, double score) = Expected(static _ => true).Last();
        var request = new Wire.ExplainRequest { Search = Request(Query()), Id = new Wire.Id { Number = id } };
        request.Search.K = 1;
        Wire.ExplainReply reply = await server.Channel.UnaryAsync(SearchHost.Explain, request);
        Assert.Equal((float)score, reply.Hit.Score);
        Assert.Equal((0u, (uint)Expected(static _ => true).Count()), (reply.Rank, reply.ExactRank));
        Assert.Equal(
            Asked.Where(a => Weights(id).ContainsKey(a.Key)).Select(a => ("sparse", Refusal.Number(a.Key), a.Value * Weights(id)[a.Key])),
            reply.Terms.Select(static t => (t.Component, t.Term, t.Contribution)));
    }

    [Theory]
    [InlineData("kind", "VECTOR_UNKNOWN", "points[0].vectors.splade")]
    [InlineData("uneven", "VECTOR_LENGTH", "points[0].vectors.splade.sparse")]
    [InlineData("empty", "VECTOR_ZERO", "points[0].vectors.splade.sparse")]
    [InlineData("nan", "VECTOR_NOT_FINITE", "points[0].vectors.splade.sparse.values")]
    [InlineData("twice", "FIELD_INVALID", "points[0].vectors.splade.sparse.indices")]
    [InlineData("many", "LIMIT_EXCEEDED", "points[0].vectors.splade.sparse.indices")]
    [InlineData("side", "SIDE_MISMATCH", "vector_origins.splade.side")]
    [InlineData("space", "ENCODER_MISMATCH", "vector_origins.splade.space")]
    public async Task A_wrong_sparse_vector_is_refused_with_its_field(string what, string reason, string field)
    {
        await using RunningServer server = await FilledAsync();
        Wire.Point point = PointOf(1);
        Wire.SparseVector sparse = point.Vectors["splade"].Sparse;
        var origin = new Wire.VectorOrigin { Space = Space, Side = Wire.Side.Document };
        switch (what)
        {
            case "kind": point.Vectors["splade"].Dense = point.Vector; break;
            case "uneven": sparse.Values.Add(1); break;
            case "empty": sparse.Indices.Clear(); sparse.Values.Clear(); break;
            case "nan": sparse.Values[0] = float.NaN; break;
            case "twice": sparse.Indices[1] = sparse.Indices[0]; break;
            case "many": sparse.Indices.Add(Enumerable.Range(100, 4097).Select(static i => (uint)i)); sparse.Values.Add(Enumerable.Repeat(1f, 4097)); break;
            case "side": origin.Side = Wire.Side.Query; break;
            default: origin.Space = "cloud/other"; break;
        }
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => server.Api.UpsertAsync(Name, request => request.VectorOrigins["splade"] = origin, point));
        Assert.Equal((reason, field), (refused.Reason, refused.Facts["field"]));
        Assert.NotEmpty(refused.Facts["fix"]);
    }

    [Fact]
    public async Task Declarations_that_are_not_of_sparse_vectors_are_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        (Action<Wire.VectorSchema> Spoil, string Reason, string Field)[] wrong =
        [
            (static v => v.Dimension = 4, "FIELD_INVALID", "config.vectors[1].dimension"),
            (static v => v.Metric = Wire.Metric.Cosine, "FIELD_INVALID", "config.vectors[1].metric"),
            (static v => v.Graph = new Wire.GraphOptions(), "FIELD_INVALID", "config.vectors[1].graph"),
            (static v => v.Name = "", "FIELD_INVALID", "config.vectors[1].name"),
            (static v => v.SourceTextField = "body", "FIELD_NOT_SERVED", "config.vectors[1].source_text_field"),
        ];
        foreach ((Action<Wire.VectorSchema> spoil, string reason, string field) in wrong)
        {
            Wire.CollectionConfig config = Config();
            spoil(config.Vectors[1]);
            RpcException refused = await Assert.ThrowsAsync<RpcException>(() => server.Api.CreateAsync(Name, config));
            Assert.Equal((reason, field), (refused.Reason, refused.Facts["field"]));
        }
    }

    private static async Task<RunningServer> FilledAsync()
    {
        RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync(Name, Config());
        await server.Api.UpsertAsync(
            Name, static r => r.VectorOrigins["splade"] = new Wire.VectorOrigin { Space = Space, Side = Wire.Side.Document },
            [.. Enumerable.Range(1, Points).Select(static id => PointOf((ulong)id))]);
        return server;
    }

    private static Wire.CollectionConfig Config()
    {
        Wire.CollectionConfig config = Api.Config();
        config.Vectors.Add(new Wire.VectorSchema
        {
            Name = "splade",
            Kind = Wire.VectorKind.Sparse,
            Space = new Wire.SpaceBinding { Declared = Space, Sidedness = Wire.Sidedness.Asymmetric },
        });
        return config;
    }

    private static Wire.Point PointOf(ulong id)
    {
        Wire.Point point = Api.Point(id, id % 2 == 1 ? "odd" : "even");
        // Sent backwards: any order is one.
        var sparse = new Wire.SparseVector { Indices = { Weights(id).Keys.Reverse() }, Values = { Weights(id).Values.Reverse() } };
        point.Vectors["splade"] = new Wire.AnyVector { Sparse = sparse };
        return point;
    }

    private static SortedDictionary<uint, float> Weights(ulong id)
    {
        var weights = new SortedDictionary<uint, float>();
        for (ulong index = id % 3; index < 14; index += 1 + id % 5)
        {
            weights[(uint)index] = 1 + (id * (index + 3) % 17) / 16f;
        }
        return weights;
    }

    private static Wire.Query Query() => new()
    {
        Sparse = new Wire.SparseVector { Indices = { Asked.Keys }, Values = { Asked.Values } },
        Origin = new Wire.VectorOrigin { Space = Space, Side = Wire.Side.Query },
    };

    private static Wire.SearchRequest Request(Wire.Query query) => new() { Header = Api.Header(Name), Query = query, K = 1_000 };

    private static Task<Wire.SearchReply> SearchAsync(RunningServer server, Wire.SearchRequest request) =>
        server.Channel.UnaryAsync(SearchHost.Search, request, cancellation: TestContext.Current.CancellationToken);

    private static IEnumerable<(ulong Id, double Score)> Expected(Func<ulong, bool> matches, IReadOnlyDictionary<uint, float>? query = null) => Enumerable
        .Range(1, Points).Select(static id => (ulong)id)
        .Where(id => matches(id) && (query ?? Asked).Keys.Any(Weights(id).ContainsKey))
        .Select(id => (id, Score: (query ?? Asked).OrderBy(static q => q.Key).Where(q => Weights(id).ContainsKey(q.Key)).Sum(q => (double)q.Value * Weights(id)[q.Key])))
        .OrderByDescending(static e => e.Score).ThenBy(static e => e.id);

    private static void AssertRanked(IEnumerable<(ulong Id, double Score)> expected, Wire.SearchReply reply) =>
        Assert.Equal(expected.Select(static e => (e.Id, (float)e.Score)), reply.Hits.Select(static h => (h.Id.Number, h.Score)));
}
