using SearchEngine.Rpc.Client;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Tests.Search;
using Xunit;

namespace SearchEngine.Server.Tests.Admin;

/// <summary>Searches that are made too careless are found out by the server itself.</summary>
public sealed class WrongLogTests
{
    private const int Points = 3_000;
    private const int Searches = 40;

    [Fact]
    public async Task Careless_searches_are_found_wrong_with_a_cause_and_the_recall_says_so()
    {
        await using RunningServer server = await RunningServer.StartAsync(new(), new WatchOptions { RecheckShare = 1 });
        await server.Api.CreateAsync(SearchHost.Name, SearchHost.Config);
        foreach (int[] some in Enumerable.Range(1, Points).Chunk(500))
        {
            await server.Api.UpsertAsync(SearchHost.Name, [.. some.Select(id => SearchHost.WirePoint(id, 1))]);
        }
        await server.Api.CollectionStreamAsync<Wire.CompactRequest, Wire.CompactFrame>("Compact", new() { Header = Api.Header(SearchHost.Name) });
        await using ServerStreamCall<Wire.WrongLogRequest, Wire.WrongLogFrame> log = await server.Channel.ServerStreamAsync(
            AdminTests.Method<Wire.WrongLogRequest, Wire.WrongLogFrame>("WrongLog"), new() { Header = Api.Header(SearchHost.Name), Follow = Wire.Follow.New });
        Assert.Empty((await log.ReadAsync())!.Searches);
        var random = new Random(3);
        double claimed = 0;
        for (int i = 0; i < Searches; i++)
        {
            Wire.SearchRequest search = SearchHost.Request(SearchHost.Values(random));
            search.Header.RequestId = $"careless-{i}";
            // As few candidates as can be.
            search.Accuracy = new Wire.Accuracy { Breadth = 1 };
            search.Walk = new Wire.WalkOptions { Oversampling = 1 };
            Wire.SearchReply careless = await server.Channel.UnaryAsync(SearchHost.Search, search);
            search.Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() };
            search.Walk = null;
            Wire.SearchReply exact = await server.Channel.UnaryAsync(SearchHost.Search, search);
            claimed += careless.Hits.Count(h => exact.Hits.Any(e => e.Id.Equals(h.Id))) / (double)exact.Hits.Count / Searches;
        }
        Assert.True(claimed < 0.999, "The searches were not careless enough to test this.");
        Wire.WrongLogFrame frame = (await log.ReadAsync())!;
        while (frame.Summaries.Single().Rechecked < Searches)
        {
            frame = await ReadAllAsync(server);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        Wire.RecheckSummary summary = frame.Summaries.Single();
        Assert.Equal(SearchHost.Name, summary.Collection);
        Assert.Equal(claimed, summary.Recall, 3);
        Assert.InRange(summary.RecallLow, 0, summary.Recall);
        Wire.WrongSearch wrong = frame.Searches[0];
        Assert.StartsWith("careless-", wrong.RequestId, StringComparison.Ordinal);
        Assert.True(wrong.Recall < 1 && wrong.Missed.Count > 0, wrong.ToString());
        Assert.All(wrong.Missed, m => Assert.True(m.Cause != Wire.MissCause.Unspecified && m.ExactRank is >= 1 and <= 10, wrong.ToString()));
    }

    [Fact]
    public async Task A_collection_states_its_own_share_of_rechecks()
    {
        await using RunningServer server = await RunningServer.StartAsync(new(), new WatchOptions { RecheckShare = 0 });
        foreach ((string name, float? share) in new (string, float?)[] { ("none", null), ("never", 0), ("always", 1) })
        {
            Wire.CollectionConfig config = SearchHost.Config;
            if (share is { } stated)
            {
                config.Settings = new Wire.CollectionSettings { RecheckShare = stated };
            }
            await server.Api.CreateAsync(name, config);
            foreach (int[] some in Enumerable.Range(1, 1_500).Chunk(500))
            {
                await server.Api.UpsertAsync(name, [.. some.Select(id => SearchHost.WirePoint(id, 1))]);
            }
            await server.Api.CollectionStreamAsync<Wire.CompactRequest, Wire.CompactFrame>("Compact", new() { Header = Api.Header(name) });
        }
        await server.RestartAsync();
        foreach (string name in new[] { "none", "never", "always" })
        {
            for (int i = 0; i < 5; i++)
            {
                Wire.SearchRequest search = SearchHost.Request(SearchHost.Values(new Random(i)));
                search.Header.Collection = name;
                search.Accuracy = new Wire.Accuracy { Breadth = 20 };
                await server.Channel.UnaryAsync(SearchHost.Search, search);
            }
        }
        Wire.WrongLogFrame frame = await ReadAllAsync(server);
        while (frame.Summaries.Sum(static s => (long)s.Rechecked) < 5)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            frame = await ReadAllAsync(server);
        }
        Assert.Equal(("always", 5ul), (frame.Summaries.Single().Collection, frame.Summaries.Single().Rechecked));
        await RunningServer.RefusedAsync(
            () => server.Api.CreateAsync("wrong", Stating(new() { RecheckShare = 1.5f })), Wire.ErrorReason.FieldInvalid, "config.settings.recheck_share");
        await RunningServer.RefusedAsync(
            () => server.Api.CreateAsync("wrong", Stating(new() { CanaryIntervalMicros = 59_999_999 })), Wire.ErrorReason.FieldInvalid, "config.settings.canary_interval_micros");
    }

    [Fact]
    public async Task Exact_searches_are_not_checked_again()
    {
        await using RunningServer server = await RunningServer.StartAsync(new(), new WatchOptions { RecheckShare = 1 });
        await server.Api.CreateAsync(SearchHost.Name, SearchHost.Config);
        await server.Api.UpsertAsync(SearchHost.Name, SearchHost.WirePoint(1, 1));
        await server.Channel.UnaryAsync(SearchHost.Search, SearchHost.Request(SearchHost.Values(new Random(1))));
        Assert.Empty((await ReadAllAsync(server)).Summaries);
    }

    [Fact]
    public async Task Searches_of_two_stages_are_not_checked_again()
    {
        const string Other = "other";
        await using RunningServer server = await RunningServer.StartAsync(new(), new WatchOptions { RecheckShare = 1 });
        foreach (string name in new[] { SearchHost.Name, Other })
        {
            Wire.CollectionConfig config = SearchHost.Config;
            config.Vectors.Add(new Wire.VectorSchema { Name = "tokens", Kind = Wire.VectorKind.Multi, Dimension = 1 });
            await server.Api.CreateAsync(name, config);
            foreach (int[] some in Enumerable.Range(1, Points).Chunk(500))
            {
                await server.Api.UpsertAsync(name, [.. some.Select(id => SearchHost.WirePoint(id, 1))]);
            }
            await server.Api.CollectionStreamAsync<Wire.CompactRequest, Wire.CompactFrame>("Compact", new() { Header = Api.Header(name) });
        }
        Wire.SearchRequest search = SearchHost.Request(SearchHost.Values(new Random(4)));
        search.Accuracy = new Wire.Accuracy { Breadth = 1 };
        Wire.SearchRequest staged = search.Clone();
        staged.LateInteraction = new Wire.LateInteraction { Query = new Wire.MultiVector { Dimension = 1, Values = { 1 } } };
        Wire.SearchRequest fused = staged.Clone();
        fused.Hybrid = new Wire.HybridQuery { Components = { new Wire.Component { Query = search.Query } } };
        await server.Channel.UnaryAsync(SearchHost.Search, staged);
        await server.Channel.UnaryAsync(SearchHost.Search, fused);
        // Samples are checked in order of arrival: with this one all would be.
        search.Header.Collection = Other;
        Wire.SearchReply last = await server.Channel.UnaryAsync(SearchHost.Search, search);
        Assert.NotEqual(Wire.RecallBasis.Exact, last.Recall.Basis);
        Wire.WrongLogFrame frame = await ReadAllAsync(server);
        while (!frame.Summaries.Any(static s => s.Collection == Other))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            frame = await ReadAllAsync(server);
        }
        Assert.Equal([Other], frame.Summaries.Select(static s => s.Collection));
    }

    private static Wire.CollectionConfig Stating(Wire.CollectionSettings settings)
    {
        Wire.CollectionConfig config = SearchHost.Config;
        config.Settings = settings;
        return config;
    }

    private static async Task<Wire.WrongLogFrame> ReadAllAsync(RunningServer server)
    {
        await using ServerStreamCall<Wire.WrongLogRequest, Wire.WrongLogFrame> log = await server.Channel.ServerStreamAsync(
            AdminTests.Method<Wire.WrongLogRequest, Wire.WrongLogFrame>("WrongLog"), new());
        return (await log.ReadAsync())!;
    }
}
