using System.Net;
using SearchEngine.Rpc.Client;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Tests.Search;
using Xunit;

namespace SearchEngine.Server.Tests.Operations;

public sealed class MetricsTests
{
    private static readonly WatchOptions Watched = new() { Listen = new IPEndPoint(IPAddress.Loopback, 0) };

    [Fact]
    public async Task Metrics_tell_of_searches_collections_and_calls()
    {
        await using RunningServer server = await RunningServer.StartAsync(new(), Watched);
        await server.Api.CreateAsync(SearchHost.Name, SearchHost.Config);
        await server.Api.UpsertAsync(SearchHost.Name, [.. Enumerable.Range(1, 50).Select(id => SearchHost.WirePoint(id, 1))]);
        for (int i = 0; i < 7; i++)
        {
            Wire.SearchRequest search = SearchHost.Request(SearchHost.Values(new Random(i)));
            search.Header.Lane = i < 5 ? Wire.Lane.Interactive : Wire.Lane.Bulk;
            await server.Channel.UnaryAsync(SearchHost.Search, search);
        }
        Dictionary<string, double> page = Read(await PageAsync(server, "/metrics"));
        Assert.Equal(5, Sum(page, "searchengine_searches_total", "lane=\"interactive\"", "collection=\"docs\""));
        Assert.Equal(2, Sum(page, "searchengine_searches_total", "lane=\"bulk\"", "collection=\"docs\""));
        Assert.Equal(7, Sum(page, "searchengine_search_duration_seconds_count"));
        Assert.Equal(7, Sum(page, "searchengine_search_phase_duration_seconds_count", "phase=\"walk\""));
        Assert.True(Sum(page, "searchengine_search_rows_scored_total") + Sum(page, "searchengine_search_rows_rescored_total") >= 7 * 50, "rows scored are not counted");
        Assert.Equal(50, Sum(page, "searchengine_collection_points", "collection=\"docs\""));
        Assert.Equal(1, Sum(page, "searchengine_collection_segments"));
        Assert.True(Sum(page, "searchengine_collection_log_tail_bytes") > 0, "the log's tail is not shown");
        Assert.Equal(7, Sum(page, "rpc_server_duration_seconds_count", "rpc_method=\"Search\"", "rpc_grpc_status_code=\"0\""));
        Assert.Equal(0, Sum(page, "searchengine_search_running"));
    }

    [Fact]
    public async Task Refusals_are_counted_by_reason()
    {
        await using RunningServer server = await RunningServer.StartAsync(new(), Watched);
        await server.Api.CreateAsync(SearchHost.Name, SearchHost.Config);
        await server.Api.UpsertAsync(SearchHost.Name, SearchHost.WirePoint(1, 1));
        Wire.SearchRequest search = SearchHost.Request(SearchHost.Values(new Random(1)));
        search.Budget = new Wire.Budget { TimeMicros = 1 };
        await Assert.ThrowsAsync<Rpc.RpcException>(() => server.Channel.UnaryAsync(SearchHost.Search, search, new CallOptions { Retry = new RetryPolicy { MaxAttempts = 1 } }));
        Dictionary<string, double> page = Read(await PageAsync(server, "/metrics"));
        Assert.Equal(1, Sum(page, "searchengine_search_refused_total"));
    }

    [Fact]
    public async Task Readiness_follows_the_self_test_and_the_drain()
    {
        await using RunningServer server = await RunningServer.StartAsync(new(), Watched);
        Assert.Equal("ready\n", await PageAsync(server, "/readyz"));
        Assert.True(server.Server.Readiness.IsReady);
        server.Server.Rpc.BeginDrain();
        Assert.StartsWith("server: draining", await PageAsync(server, "/readyz"), StringComparison.Ordinal);
        server.Server.Rpc.Resume();
        Assert.Equal("ready\n", await PageAsync(server, "/readyz"));
    }

    private static async Task<string> PageAsync(RunningServer server, string path)
    {
        using var http = new HttpClient();
        using HttpResponseMessage response = await http.GetAsync(new Uri($"http://{server.Server.OperationsEndPoint}{path}"), TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static Dictionary<string, double> Read(string page) => page.Split('\n').Where(l => l.Length > 0 && l[0] != '#')
        .ToDictionary(l => l[..l.LastIndexOf(' ')], l => double.Parse(l[(l.LastIndexOf(' ') + 1)..].Replace("+Inf", "Infinity", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture));

    private static double Sum(Dictionary<string, double> page, string name, params string[] labels) =>
        page.Where(s => s.Key.Split('{')[0] == name && labels.All(l => s.Key.Contains(l, StringComparison.Ordinal))).Sum(s => s.Value);
}
