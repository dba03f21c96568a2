using SearchEngine.Rpc.Client;
using SearchEngine.Server.Tests.Search;
using Xunit;

namespace SearchEngine.Server.Tests.Evaluation;

/// <summary>Faults of searches by words, and by words and vectors together.</summary>
public sealed class DiagnoseWordsTests
{
    private const string Name = "words";
    private const ulong Right = 1;
    private const uint K = 3;

    private static readonly RpcMethod<Wire.DiagnoseRequest, Wire.DiagnoseReply> Diagnose = new(Wire.SearchReflection.Descriptor.Services[0], "Diagnose");

    [Fact]
    public async Task A_passage_that_words_find_is_healthy_and_its_lexical_rank_is_told()
    {
        await using RunningServer server = await StartAsync();
        Wire.Diagnosis healthy = await DiagnoseAsync(server, Words("unusual"));
        Assert.Equal(Wire.MissCause.Unspecified, healthy.Cause);
        Assert.Equal(1u, Rank(healthy, Wire.DiagnoseStage.Lexical));
    }

    [Fact]
    public async Task A_passage_without_any_of_the_words_is_the_models_fault_and_the_evidence_says_why()
    {
        await using RunningServer server = await StartAsync();
        Wire.Diagnosis none = await DiagnoseAsync(server, Words("common"));
        Assert.Equal(Wire.MissCause.Model, none.Cause);
        Assert.Contains("none of the query's words", none.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vector_search_shows_beside_its_own_ranks_where_the_words_would_put_the_passage()
    {
        await using RunningServer server = await StartAsync();
        var search = new Wire.SearchRequest { Query = new Wire.Query { Vector = SearchHost.Vector([0, 1, 0, 0]) }, K = K };
        Wire.Diagnosis low = await DiagnoseAsync(server, search, "unusual");
        Assert.Equal(Wire.MissCause.Model, low.Cause);
        Assert.Equal(1u, Rank(low, Wire.DiagnoseStage.Lexical));
        Assert.True(Rank(low, Wire.DiagnoseStage.Exact) > K, $"{low}");
    }

    [Fact]
    public async Task A_passage_that_one_component_finds_and_the_fusion_buries_is_the_fusions_fault()
    {
        await using RunningServer server = await StartAsync();
        Wire.Diagnosis buried = await DiagnoseAsync(server, Fused(denseWeight: 0.001f, "common"));
        Assert.Equal(Wire.MissCause.Fusion, buried.Cause);
        Assert.Contains("A component ranks it 1", buried.Evidence, StringComparison.Ordinal);
        Assert.Equal(Wire.MissCause.Unspecified, (await DiagnoseAsync(server, Fused(denseWeight: 1_000, "common"))).Cause);
    }

    [Fact]
    public async Task A_passage_that_no_component_finds_is_the_models_fault()
    {
        await using RunningServer server = await StartAsync();
        Wire.SearchRequest search = Fused(1, "common");
        search.Hybrid.Components[0].Query.Vector = SearchHost.Vector([0, 1, 0, 0]);
        Assert.Equal(Wire.MissCause.Model, (await DiagnoseAsync(server, search)).Cause);
    }

    [Fact]
    public async Task A_budget_that_would_cut_the_search_short_does_not_change_the_verdict()
    {
        await using RunningServer server = await StartAsync();
        var vector = new Wire.SearchRequest { Query = new Wire.Query { Vector = SearchHost.Vector([0, 1, 0, 0]) }, K = K };
        foreach (Wire.SearchRequest search in (Wire.SearchRequest[])[vector, Words("unusual"), Fused(denseWeight: 0.001f, "common")])
        {
            Wire.Diagnosis patient = await DiagnoseAsync(server, search);
            search.Budget = new Wire.Budget { TimeMicros = 1, OnExpiry = Wire.PartialPolicy.Allow };
            Assert.Equal(patient, await DiagnoseAsync(server, search));
        }
    }

    // The right passage lies on the first axis and has a word of its own; ten others lie on the second and share another.
    private static async Task<RunningServer> StartAsync()
    {
        RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync(Name, new Wire.CollectionConfig
        {
            Vectors = { new Wire.VectorSchema { Dimension = 4 } },
            Texts = { new Wire.TextSchema { Name = "body", Index = Wire.TextIndex.Bm25 } },
        });
        await server.Api.UpsertAsync(
            Name, [Point(Right, "an unusual passage", [1, 0, 0, 0]), .. Enumerable.Range(2, 10).Select(static i => Point((ulong)i, $"common passage {i}", [0.1f, 1, i / 100f, 0]))]);
        return server;
    }

    private static Wire.Point Point(ulong id, string body, float[] values) =>
        new() { Id = new Wire.Id { Number = id }, Vector = SearchHost.Vector(values), Texts = { ["body"] = body } };

    private static Wire.SearchRequest Words(string text) => new() { Query = new Wire.Query { Lexical = new Wire.LexicalQuery { Text = text } }, K = K };

    private static Wire.SearchRequest Fused(float denseWeight, string words) => new()
    {
        Hybrid = new Wire.HybridQuery
        {
            Components =
            {
                new Wire.Component { Query = new Wire.Query { Vector = SearchHost.Vector([1, 0, 0, 0]) }, Weight = denseWeight },
                new Wire.Component { Query = new Wire.Query { Lexical = new Wire.LexicalQuery { Text = words } } },
            },
        },
        K = K,
    };

    private static async Task<Wire.Diagnosis> DiagnoseAsync(RunningServer server, Wire.SearchRequest search, string text = "")
    {
        var request = new Wire.DiagnoseRequest
        {
            Header = Api.Header(Name),
            Items = { new Wire.DiagnoseItem { Search = search, Expected = new Wire.Id { Number = Right }, Text = text } },
        };
        Wire.DiagnoseReply reply = await server.Channel.UnaryAsync(Diagnose, request, cancellation: TestContext.Current.CancellationToken);
        Assert.True(reply.Findings[0].Diagnosis is not null, $"The item failed: {reply.Findings[0].Error}");
        return reply.Findings[0].Diagnosis;
    }

    private static uint Rank(Wire.Diagnosis diagnosis, Wire.DiagnoseStage stage) => diagnosis.Ranks.Single(rank => rank.Stage == stage).Rank;
}
