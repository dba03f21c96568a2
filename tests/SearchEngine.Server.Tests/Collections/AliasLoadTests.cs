using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Server.Tests.Collections;

/// <summary>An alias that moves while it is searched: every reply is of one collection, and none fails.</summary>
public sealed class AliasLoadTests
{
    private const int Switches = 1_000;
    private const int PointsEach = 40;

    private static readonly RpcMethod<Wire.SearchRequest, Wire.SearchReply> Search = new(Wire.SearchReflection.Descriptor.Services[0], "Search");
    private static readonly RpcMethod<Wire.SearchBatchRequest, Wire.SearchBatchReply> Batch = new(Wire.SearchReflection.Descriptor.Services[0], "SearchBatch");

    [Fact]
    public async Task Alias_switched_a_thousand_times_under_load_gives_no_failed_and_no_mixed_reply()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("even");
        await server.Api.CreateAsync("odd");
        await server.Api.UpsertAsync("even", [.. Enumerable.Range(1, PointsEach).Select(static i => Api.Point((ulong)(2 * i)))]);
        await server.Api.UpsertAsync("odd", [.. Enumerable.Range(1, PointsEach).Select(static i => Api.Point((ulong)(2 * i) + 1))]);
        await SwitchAsync(server, "even");
        using var stop = new CancellationTokenSource();
        Task<HashSet<string>>[] callers =
        [
            CallAsync(stop.Token, () => SearchAsync(server)), CallAsync(stop.Token, () => SearchAsync(server)),
            CallAsync(stop.Token, () => BatchAsync(server)), CallAsync(stop.Token, () => ScrollAsync(server)),
        ];

        for (int i = 1; i <= Switches; i++)
        {
            await SwitchAsync(server, i % 2 == 0 ? "even" : "odd");
        }

        await stop.CancelAsync();
        HashSet<string>[] seen = await Task.WhenAll(callers);
        Assert.All(seen, s => Assert.True(s.SetEquals(["even", "odd"]), $"A caller was answered by {string.Join(", ", s)} alone: the alias did not move under it."));
    }

    private static Task SwitchAsync(RunningServer server, string collection) =>
        server.Api.CollectionsAsync<Wire.SwitchAliasesRequest, Wire.SwitchAliasesReply>(
            "SwitchAliases", new Wire.SwitchAliasesRequest { Actions = { new Wire.AliasAction { Alias = "live", Collection = collection } } });

    private static async Task<HashSet<string>> CallAsync(CancellationToken stop, Func<Task<string>> call)
    {
        await Task.Yield();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!stop.IsCancellationRequested)
        {
            seen.Add(await call());
        }
        return seen;
    }

    private static async Task<string> SearchAsync(RunningServer server)
    {
        Wire.SearchReply reply = await server.Channel.UnaryAsync(Search, Request(), cancellation: TestContext.Current.CancellationToken);
        return OnlyOf(reply.Header.Collection, reply.Hits.Select(static h => h.Id.Number));
    }

    private static async Task<string> BatchAsync(RunningServer server)
    {
        var request = new Wire.SearchBatchRequest { Header = Api.Header("live") };
        request.Searches.Add(Enumerable.Range(0, 5).Select(static _ => new Wire.SearchRequest { Query = Request().Query }));
        Wire.SearchBatchReply reply = await server.Channel.UnaryAsync(Batch, request, cancellation: TestContext.Current.CancellationToken);
        Assert.All(reply.Items, static i => Assert.True(i.Error is null, $"A search of a batch failed: {i.Error?.Message}"));
        return OnlyOf(reply.Header.Collection, reply.Items.SelectMany(static i => i.Reply.Hits).Select(static h => h.Id.Number));
    }

    private static async Task<string> ScrollAsync(RunningServer server)
    {
        List<Wire.ScrollFrame> frames = await server.Api.ScrollAllAsync(new Wire.ScrollRequest { Header = Api.Header("live"), BatchSize = 7 });
        return OnlyOf(frames[0].Header.Collection, frames.SelectMany(static f => f.Points).Select(static p => p.Id.Number));
    }

    private static string OnlyOf(string collection, IEnumerable<ulong> ids)
    {
        ulong[] all = [.. ids];
        Assert.NotEmpty(all);
        Assert.All(all, id => Assert.True((id % 2 == 0 ? "even" : "odd") == collection, $"A reply of {collection} holds point {id}."));
        return collection;
    }

    private static Wire.SearchRequest Request() => new()
    {
        Header = Api.Header("live"),
        Query = new Wire.Query { Vector = new Wire.Vector { Values = { 1, 1, 1, 1 } } },
    };
}
