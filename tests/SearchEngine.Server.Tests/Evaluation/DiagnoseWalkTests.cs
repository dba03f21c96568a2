using SearchEngine.Rpc.Client;
using SearchEngine.Server.Tests.Search;
using Xunit;

namespace SearchEngine.Server.Tests.Evaluation;

/// <summary>
/// Faults of walks: searches that are careless on purpose, over points where this loses something. Which query loses which point is looked for with
/// the Search service; what lost it, Diagnose has to say.
/// </summary>
public sealed class DiagnoseWalkTests
{
    private const string Name = "walked";
    private const int Points = 3_000;
    private const int MostTries = 400;

    private static readonly RpcMethod<Wire.DiagnoseRequest, Wire.DiagnoseReply> Diagnose = new(Wire.SearchReflection.Descriptor.Services[0], "Diagnose");

    [Fact]
    public async Task A_point_that_the_walk_never_comes_to_is_the_graphs_fault()
    {
        await using RunningServer server = await StartAsync();
        (Wire.SearchRequest search, Wire.Id lost) = await LoseAsync(
            server, Careless, async (search, id) => !await FindsAsync(server, Rescored(search), id));
        Wire.Diagnosis missed = await DiagnoseAsync(server, search, lost);
        Assert.Equal(Wire.MissCause.Graph, missed.Cause);
        Assert.Contains("ranks it at 1", missed.Evidence, StringComparison.Ordinal);
        Assert.Equal((1u, 0u), (Rank(missed, Wire.DiagnoseStage.Exact), Rank(missed, Wire.DiagnoseStage.Graph)));
    }

    [Fact]
    public async Task A_point_that_only_its_code_misjudges_is_the_quantisations_fault()
    {
        await using RunningServer server = await StartAsync();
        (Wire.SearchRequest search, Wire.Id lost) = await LoseAsync(
            server, OfOneCandidate, async (search, id) => await FindsAsync(server, Rescored(search), id));
        Wire.Diagnosis misjudged = await DiagnoseAsync(server, search, lost);
        Assert.Equal(Wire.MissCause.Quantization, misjudged.Cause);
        Assert.Contains("then at rank 1", misjudged.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_point_lost_by_scoring_a_prefix_alone_is_the_quantisations_fault()
    {
        await using RunningServer server = await StartAsync();
        (Wire.SearchRequest search, Wire.Id lost) = await LoseAsync(server, OfThePrefix, async (search, id) => await FindsAsync(server, Rescored(search), id));
        Assert.Equal(Wire.MissCause.Quantization, (await DiagnoseAsync(server, search, lost)).Cause);
    }

    [Fact]
    public async Task A_careful_walk_over_the_same_points_is_healthy()
    {
        await using RunningServer server = await StartAsync();
        var random = new Random(5);
        Wire.SearchRequest search = Search(random, static request => request.Accuracy = new Wire.Accuracy { Breadth = 500 });
        Wire.Diagnosis healthy = await DiagnoseAsync(server, search, await BestAsync(server, search));
        Assert.Equal((Wire.MissCause.Unspecified, 1u), (healthy.Cause, Rank(healthy, Wire.DiagnoseStage.Graph)));
    }

    private static void Careless(Wire.SearchRequest search) => search.Accuracy = new Wire.Accuracy { Breadth = 1 };

    private static void OfOneCandidate(Wire.SearchRequest search)
    {
        search.Accuracy = new Wire.Accuracy { Breadth = 100 };
        search.Walk = new Wire.WalkOptions { Oversampling = 1 };
    }

    private static void OfThePrefix(Wire.SearchRequest search)
    {
        search.Accuracy = new Wire.Accuracy { Breadth = 200 };
        search.Walk = new Wire.WalkOptions { WalkDimension = 32, RescoreDimension = 32 };
    }

    private static Wire.SearchRequest Rescored(Wire.SearchRequest search)
    {
        Wire.SearchRequest rescored = search.Clone();
        rescored.Walk ??= new Wire.WalkOptions();
        (rescored.Walk.Oversampling, rescored.Walk.RescoreDimension) = (64, 0);
        return rescored;
    }

    // Points without clusters, walked by one bit a coordinate, in one segment.
    private static async Task<RunningServer> StartAsync()
    {
        RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync(Name, new Wire.CollectionConfig
        {
            Vectors = { new Wire.VectorSchema { Dimension = SearchHost.Dimension, AllowedDimensions = { 32 }, WalkCode = Wire.WalkCode.Bit } },
        });
        foreach (int[] ids in Enumerable.Range(1, Points).Chunk(1_000))
        {
            await server.Api.UpsertAsync(Name, [.. ids.Select(static id => new Wire.Point { Id = new Wire.Id { Number = (ulong)id }, Vector = SearchHost.Vector(Values(new Random(id))) })]);
        }
        await server.Api.CollectionStreamAsync<Wire.CompactRequest, Wire.CompactFrame>("Compact", new Wire.CompactRequest { Header = Api.Header(Name) });
        return server;
    }

    private static float[] Values(Random random) => [.. Enumerable.Range(0, SearchHost.Dimension).Select(_ => (float)(random.NextDouble() - 0.5))];

    private static Wire.SearchRequest Search(Random random, Action<Wire.SearchRequest> with)
    {
        var search = new Wire.SearchRequest { Query = new Wire.Query { Vector = SearchHost.Vector(Values(random)) }, K = 1 };
        with(search);
        return search;
    }

    /// <summary>A search that loses the best point, in the way that is wanted.</summary>
    private static async Task<(Wire.SearchRequest Search, Wire.Id Lost)> LoseAsync(
        RunningServer server, Action<Wire.SearchRequest> with, Func<Wire.SearchRequest, Wire.Id, Task<bool>> isWanted)
    {
        const int Seed = 11;
        var random = new Random(Seed);
        for (int i = 0; i < MostTries; i++)
        {
            Wire.SearchRequest search = Search(random, with);
            Wire.Id best = await BestAsync(server, search);
            if (!await FindsAsync(server, search, best) && await isWanted(search, best))
            {
                return (search, best);
            }
        }
        throw new InvalidOperationException($"No search of {MostTries} (seed {Seed}) loses its best point in this way: make it more careless.");
    }

    private static async Task<Wire.Id> BestAsync(RunningServer server, Wire.SearchRequest search)
    {
        Wire.SearchRequest exact = search.Clone();
        (exact.Accuracy, exact.Walk) = (new Wire.Accuracy { Exact = new Wire.Exact() }, null);
        return (await SearchAsync(server, exact)).Hits[0].Id;
    }

    private static async Task<bool> FindsAsync(RunningServer server, Wire.SearchRequest search, Wire.Id id) =>
        (await SearchAsync(server, search)).Hits.Any(hit => hit.Id.Equals(id));

    private static Task<Wire.SearchReply> SearchAsync(RunningServer server, Wire.SearchRequest search)
    {
        Wire.SearchRequest request = search.Clone();
        request.Header = Api.Header(Name);
        return server.Channel.UnaryAsync(SearchHost.Search, request, cancellation: TestContext.Current.CancellationToken);
    }

    private static async Task<Wire.Diagnosis> DiagnoseAsync(RunningServer server, Wire.SearchRequest search, Wire.Id expected)
    {
        var request = new Wire.DiagnoseRequest { Header = Api.Header(Name), Items = { new Wire.DiagnoseItem { Search = search, Expected = expected } } };
        Wire.DiagnoseReply reply = await server.Channel.UnaryAsync(Diagnose, request, cancellation: TestContext.Current.CancellationToken);
        Assert.True(reply.Findings[0].Diagnosis is not null, $"The item failed: {reply.Findings[0].Error}");
        return reply.Findings[0].Diagnosis;
    }

    private static uint Rank(Wire.Diagnosis diagnosis, Wire.DiagnoseStage stage) => diagnosis.Ranks.Single(rank => rank.Stage == stage).Rank;
}
