using Xunit;

namespace SearchEngine.Server.Tests.Evaluation;

public sealed class SweepTests
{
    [Fact]
    public async Task Every_combination_that_means_something_is_measured_once_and_the_recalls_are_those_of_the_searches()
    {
        await using JudgedWorld world = await StartAsync();
        var request = new Wire.SweepRequest
        {
            Header = Api.Header(JudgedWorld.Name),
            Judgements = JudgedWorld.Set,
            WalkDimensions = { 32, 64 },
            RescoreDimensions = { 32, 64 },
            WalkCodes = { Wire.WalkCode.Int8, Wire.WalkCode.Bit },
            Breadths = { 1, 200 },
            Repeats = 1,
        };
        List<Wire.SweepFrame> frames = await SweepAsync(world, request);
        Wire.SweepReport report = frames[^1].Report;

        // A prefix is walked on int8 alone, and 64 is not rescored by 32: (32,32) (32,64) on one code, (64,64) on two, each with two breadths.
        Assert.Equal(8, report.Points.Count);
        Assert.Equal(8, report.Points.Select(static p => (p.WalkDimension, p.RescoreDimension, p.WalkCode, p.Breadth)).Distinct().Count());
        Assert.Equal(8, frames.Count(static f => f.Point is not null));
        Assert.Equal((ulong)JudgedWorld.Points, report.CollectionPoints);
        foreach (Wire.SweepPoint point in report.Points.Where(static p => p.WalkCode == Wire.WalkCode.Int8))
        {
            double recall = await RecallAsync(world, point);
            Assert.True(Math.Abs(recall - point.Recall) < 1e-6, $"{point} has recall {recall} by the Search service");
            Assert.True(point.RecallLow <= point.Recall && point.Recall <= point.RecallHigh && point.QueriesPerSecond > 0, $"{point}");
            Assert.True(point.Ndcg is > 0 and <= 1, $"{point}");
        }
        Wire.SweepPoint careful = report.Points.Single(static p => p is { WalkDimension: 64, WalkCode: Wire.WalkCode.Int8, Breadth: 200 });
        Wire.SweepPoint prefix = report.Points.Single(static p => p is { WalkDimension: 32, RescoreDimension: 32, Breadth: 200 });
        Assert.True(careful.Recall > 0.99 && prefix.Recall < careful.Recall, $"careful {careful.Recall}, prefix {prefix.Recall}");
        Assert.Contains(report.Points, static p => p.Pareto);
        Assert.DoesNotContain(frames, static f => f.Point is { Pareto: true });
    }

    [Fact]
    public async Task Without_judgements_points_of_the_collection_are_the_queries_and_are_not_among_their_own_hits()
    {
        await using JudgedWorld world = await StartAsync();
        var request = new Wire.SweepRequest { Header = Api.Header(JudgedWorld.Name), Breadths = { 300 }, WalkDimensions = { 64 }, Queries = 100, Repeats = 2 };
        Wire.SweepPoint point = Assert.Single((await SweepAsync(world, request))[^1].Report.Points);
        Assert.True(point.Recall > 0.98, $"{point}; a point that finds itself and nothing else would have 0.1");
        Assert.Equal((200u, 0f), (point.Latency.Count, point.Ndcg));
    }

    [Fact]
    public async Task Fewer_bytes_are_told_for_shorter_walks_and_smaller_codes()
    {
        await using JudgedWorld world = await StartAsync();
        var request = new Wire.SweepRequest
        {
            Header = Api.Header(JudgedWorld.Name),
            Judgements = JudgedWorld.Set,
            WalkCodes = { Wire.WalkCode.Int8, Wire.WalkCode.BitThenInt8 },
            WalkDimensions = { 64 },
            Breadths = { 10 },
            Repeats = 1,
        };
        Dictionary<Wire.WalkCode, float> bytes = (await SweepAsync(world, request))[^1].Report.Points.ToDictionary(static p => p.WalkCode, static p => p.BytesPerPoint);
        Assert.Equal(64, bytes[Wire.WalkCode.BitThenInt8] - bytes[Wire.WalkCode.Int8]);
    }

    [Fact]
    public async Task What_cannot_be_swept_is_refused_with_its_path()
    {
        await using JudgedWorld world = await StartAsync();
        await RefusedAsync(Wire.ErrorReason.DimensionNotAllowed, "walk_dimensions[0]", static r => r.WalkDimensions.Add(48));
        await RefusedAsync(Wire.ErrorReason.FieldInvalid, "rescore_dimensions", static r => AddDimensions(r, 64, 32));
        await RefusedAsync(Wire.ErrorReason.FieldNotServed, "walk_codes[0]", static r => r.WalkCodes.Add(Wire.WalkCode.None));
        await RefusedAsync(Wire.ErrorReason.LimitExceeded, "breadths[0]", static r => r.Breadths.Add(5_000));
        await RefusedAsync(Wire.ErrorReason.LimitExceeded, "queries", static r => r.Queries = 5);
        await RefusedAsync(Wire.ErrorReason.VectorUnknown, "vector_name", static r => r.VectorName = "nothing");
        await RefusedAsync(Wire.ErrorReason.JudgementsUnknown, "judgements", static r => r.Judgements = "none");

        Task RefusedAsync(Wire.ErrorReason reason, string field, Action<Wire.SweepRequest> with)
        {
            var request = new Wire.SweepRequest { Header = Api.Header(JudgedWorld.Name) };
            with(request);
            return RunningServer.RefusedAsync(() => SweepAsync(world, request), reason, field);
        }
    }

    private static void AddDimensions(Wire.SweepRequest request, uint walk, uint rescore)
    {
        request.WalkDimensions.Add(walk);
        request.RescoreDimensions.Add(rescore);
    }

    private static async Task<JudgedWorld> StartAsync()
    {
        JudgedWorld world = await JudgedWorld.StartAsync(100);
        await world.Server.Api.CollectionStreamAsync<Wire.CompactRequest, Wire.CompactFrame>("Compact", new Wire.CompactRequest { Header = Api.Header(JudgedWorld.Name) });
        return world;
    }

    private static Task<List<Wire.SweepFrame>> SweepAsync(JudgedWorld world, Wire.SweepRequest request) =>
        world.Evaluation.FramesAsync<Wire.SweepRequest, Wire.SweepFrame>("Sweep", request);

    private static async Task<double> RecallAsync(JudgedWorld world, Wire.SweepPoint point)
    {
        var exact = new Wire.SearchRequest { Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() } };
        var walk = new Wire.SearchRequest
        {
            Accuracy = new Wire.Accuracy { Breadth = point.Breadth },
            Walk = new Wire.WalkOptions { WalkDimension = point.WalkDimension, RescoreDimension = point.RescoreDimension },
        };
        double sum = 0;
        foreach (Wire.JudgedQuery query in world.Queries)
        {
            sum += (await world.SearchAsync(query, walk)).Intersect(await world.SearchAsync(query, exact)).Count() / 10.0;
        }
        return sum / world.Queries.Count;
    }
}
