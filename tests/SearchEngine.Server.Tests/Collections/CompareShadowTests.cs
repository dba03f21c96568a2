using SearchEngine.Rpc.Client;
using SearchEngine.Server.Tests.Search;
using Xunit;

namespace SearchEngine.Server.Tests.Collections;

/// <summary>Live searches of one collection, answered by another as well.</summary>
public sealed class CompareShadowTests
{
    private const int Points = 300, Searches = 20;

    private static readonly RpcMethod<Wire.CompareShadowRequest, Wire.CompareShadowFrame> Compare =
        new(Wire.CollectionsReflection.Descriptor.Services[0], "CompareShadow");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collections_that_hold_the_same_answer_the_same()
    {
        await using RunningServer server = await StartAsync(static _ => true);
        List<Wire.CompareShadowFrame> frames = await CompareAsync(server, static i => SearchHost.Values(new Random(i)));
        Wire.ShadowSummary sums = frames[^1].Summary;
        Assert.Equal((Searches, 1f, 0f, 0ul), ((int)sums.Queries, sums.MeanOverlap, sums.MeanRankShift, sums.ShadowFailures));
        Assert.NotNull(sums.Header);
        Assert.DoesNotContain(frames, static f => f.Difference is not null);
    }

    [Fact]
    public async Task Points_that_the_shadow_has_not_are_told_query_by_query()
    {
        await using RunningServer server = await StartAsync(static id => id % 2 == 0);
        List<Wire.CompareShadowFrame> frames = await CompareAsync(server, static i => SearchHost.Values(new Random(i)));
        Wire.ShadowSummary sums = frames[^1].Summary;
        Assert.Equal(Searches, (int)sums.Queries);
        Assert.InRange(sums.MeanOverlap, 0.05f, 0.95f);
        Wire.ShadowDifference[] told = [.. frames.Select(static f => f.Difference).OfType<Wire.ShadowDifference>()];
        Assert.NotEmpty(told);
        Assert.All(told, static difference =>
        {
            Assert.All(difference.ShadowHits, static hit => Assert.Equal(0ul, hit.Id.Number % 2));
            float common = difference.LiveHits.Select(static h => h.Id.Number).Intersect(difference.ShadowHits.Select(static h => h.Id.Number)).Count();
            Assert.Equal(common / 10, difference.Overlap, 5);
        });
    }

    [Fact]
    public async Task Budget_of_a_search_counts_from_its_own_beginning()
    {
        await using RunningServer server = await StartAsync(static _ => true);
        List<Wire.CompareShadowFrame> frames = await CompareAsync(server, static i => SearchHost.Values(new Random(i)), TimeSpan.FromSeconds(1));
        Wire.ShadowSummary sums = frames[^1].Summary;
        Assert.Equal((Searches, 0ul), ((int)sums.Queries, sums.ShadowFailures));
    }

    [Fact]
    public async Task Comparison_that_cannot_be_made_is_refused()
    {
        await using RunningServer server = await StartAsync(static _ => true);
        Wire.CollectionConfig other = SearchHost.Config;
        other.Vectors[0].Dimension = 32;
        other.Vectors[0].AllowedDimensions.Clear();
        await server.Api.CreateAsync("narrow", other);
        await RefusedAsync(static r => r.ShadowCollection = "", Wire.ErrorReason.FieldRequired, "shadow_collection");
        await RefusedAsync(static r => r.ShadowCollection = "nothing", Wire.ErrorReason.CollectionUnknown, "shadow_collection");
        await RefusedAsync(static r => r.ShadowCollection = "narrow", Wire.ErrorReason.DimensionMismatch, "shadow_collection");
        await RefusedAsync(static r => r.Share = float.NaN, Wire.ErrorReason.LimitExceeded, "share");
        await RefusedAsync(static r => r.MaxQueries = 1_000_001, Wire.ErrorReason.LimitExceeded, "max_queries");
        await RefusedAsync(static r => r.ReportBelowOverlap = 2, Wire.ErrorReason.LimitExceeded, "report_below_overlap");
        await RefusedAsync(static r => r.Judgements = "j", Wire.ErrorReason.FieldNotServed, "judgements");

        Task RefusedAsync(Action<Wire.CompareShadowRequest> with, Wire.ErrorReason reason, string field)
        {
            var request = new Wire.CompareShadowRequest { Header = Api.Header(SearchHost.Name), ShadowCollection = "shadow" };
            with(request);
            return RunningServer.RefusedAsync(
                () => server.Api.CollectionStreamAsync<Wire.CompareShadowRequest, Wire.CompareShadowFrame>("CompareShadow", request), reason, field);
        }
    }

    [Fact]
    public async Task Comparison_without_searches_ends_when_its_time_is_over()
    {
        await using RunningServer server = await StartAsync(static _ => true);
        List<Wire.CompareShadowFrame> frames = await server.Api.CollectionStreamAsync<Wire.CompareShadowRequest, Wire.CompareShadowFrame>(
            "CompareShadow", new Wire.CompareShadowRequest { Header = Api.Header(SearchHost.Name), ShadowCollection = "shadow", MaxTimeMicros = 50_000 });
        Assert.Equal((0ul, true), (frames[^1].Summary.Queries, frames[^1].Summary.Header is not null));
    }

    private static async Task<RunningServer> StartAsync(Func<ulong, bool> isInShadow)
    {
        RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync(SearchHost.Name, SearchHost.Config);
        await server.Api.CreateAsync("shadow", SearchHost.Config);
        Wire.Point[] points = [.. Enumerable.Range(1, Points).Select(static id => SearchHost.WirePoint(id, 1))];
        await server.Api.UpsertAsync(SearchHost.Name, points);
        await server.Api.UpsertAsync("shadow", [.. points.Where(p => isInShadow(p.Id.Number))]);
        return server;
    }

    /// <param name="budget">Of each search. The comparison is older than that when the first one comes.</param>
    private static async Task<List<Wire.CompareShadowFrame>> CompareAsync(RunningServer server, Func<int, float[]> query, TimeSpan? budget = null)
    {
        await using ServerStreamCall<Wire.CompareShadowRequest, Wire.CompareShadowFrame> comparison = await server.Channel.ServerStreamAsync(
            Compare,
            new Wire.CompareShadowRequest { Header = Api.Header(SearchHost.Name), ShadowCollection = "shadow", Share = 1, MaxQueries = Searches });
        List<Wire.CompareShadowFrame> frames = [(await comparison.ReadAsync())!];
        await Task.Delay(1.1 * (budget ?? TimeSpan.Zero), Stop);
        for (int i = 0; i < Searches; i++)
        {
            Wire.SearchRequest search = SearchHost.Request(query(i));
            search.Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() };
            search.Budget = budget is { } time ? new Wire.Budget { TimeMicros = (uint)time.TotalMicroseconds } : null;
            await server.Channel.UnaryAsync(SearchHost.Search, search, cancellation: Stop);
        }
        while (await comparison.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1), Stop) is { } frame)
        {
            frames.Add(frame);
        }
        return frames;
    }
}
