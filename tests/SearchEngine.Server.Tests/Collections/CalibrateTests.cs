using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Server.Tests.Evaluation;
using Xunit;

namespace SearchEngine.Server.Tests.Collections;

/// <summary>Calibrate: from points, from what callers have asked, from judged queries; what is in force afterwards, and where it is seen.</summary>
public sealed class CalibrateTests(ITestOutputHelper output)
{
    private const int Dimension = 48;
    private const int Points = 9_000;
    private const int Hits = 10;
    private const float Target = 0.95f;

    private static readonly RpcMethod<Wire.SearchRequest, Wire.SearchReply> Search = new(Wire.SearchReflection.Descriptor.Services[0], "Search");

    [Fact]
    public async Task Queries_unlike_the_points_reach_their_target_once_a_set_of_them_was_calibrated_with_and_after_a_restart()
    {
        await using RunningServer server = await FilledAsync();
        var judged = new EvaluationApi(server.Channel);
        float[][] fitted = Strange(1, 250), asked = Strange(2, 150);
        await judged.LoadAsync("docs", "strange", fitted.Select((v, i) => new Wire.JudgedQuery { QueryId = $"q{i}", Vector = VectorOf(v) }), []);
        (double before, Wire.RecallBasis basis) = await AnswersAsync(server, asked);
        Assert.True(before < 0.9, $"recall {before} without a calibration: the queries are no test");
        Assert.Equal(Wire.RecallBasis.Calibrated, basis);
        DateTimeOffset began = TimeProvider.System.GetUtcNow().AddSeconds(-1);

        List<Wire.CalibrateFrame> frames = await CalibrateAsync(server, new Wire.CalibrateRequest { Judgements = "strange", Queries = 250, Ks = { Hits, 1 } });

        (double after, basis) = await AnswersAsync(server, asked);
        output.WriteLine($"recall {before} before, {after} after\n{frames[^1].Report}");
        Assert.True(after > Target - 0.02, $"recall {after} after the calibration, {before} before: its curve is not in force");
        Assert.Equal(Wire.RecallBasis.Calibrated, basis);
        Assert.All(frames.SkipLast(1), static f => Assert.NotNull(f.Progress));
        Wire.Progress end = frames[^2].Progress;
        Assert.True(end.Done == end.Total && end.Total > 0, $"{end.Done} of {end.Total} searches were made");
        Wire.RecallCurve curve = frames[^1].Report.Curve;
        Assert.Equal((Wire.QuerySource.Judgements, 250u, (ulong)Points), (curve.Source, curve.Queries, curve.Points));
        Assert.True(curve.Fitted.ToDateTimeOffset() > began, $"fitted at {curve.Fitted}");
        Assert.Equal([1u, Hits], curve.Curve.Select(static p => p.K).Distinct());
        Assert.True(curve.Curve.Where(static p => p.K == Hits).Max(static p => p.Recall) > 0.99f, "No margin that was tried finds nearly everything.");
        Assert.All(curve.Curve, static p => Assert.True(p.Breadth > 0 && p.CpuMicros > 0, $"a point of the curve without its cost: {p}"));
        Wire.CodeReport code = frames[^1].Report.Code;
        Assert.Equal((Wire.WalkCode.Int8, 1f), (code.Code, code.StoredRecall));
        Assert.True(code.MeanError > 0 && code.WorstError >= code.MeanError && code.CodeRecall > 0.8f, $"what codes lose: {code}");

        await server.RestartAsync();
        Assert.Equal((after, Wire.RecallBasis.Calibrated), await AnswersAsync(server, asked));
        Wire.VectorHealth health = (await server.Api.DescribeAsync("docs")).Vectors[0];
        Assert.Equal((curve, code), (health.Curve, health.Code));
        Assert.InRange(health.SelfRecall, 0.9f, 1f);
    }

    [Fact]
    public async Task What_callers_have_asked_is_measured_with_once_it_is_enough()
    {
        await using RunningServer server = await FilledAsync();
        await RunningServer.RefusedAsync(() => CalibrateAsync(server, new Wire.CalibrateRequest { Source = Wire.QuerySource.Traffic }), Wire.ErrorReason.FieldInvalid, "source");
        await AnswersAsync(server, Strange(3, 60));

        List<Wire.CalibrateFrame> frames = await CalibrateAsync(server, new Wire.CalibrateRequest { Queries = 110, Ks = { Hits } });

        Wire.RecallCurve curve = frames[^1].Report.Curve;
        // Each was asked twice: exactly and not.
        Assert.Equal((Wire.QuerySource.Traffic, 110u), (curve.Source, curve.Queries));
        frames = await CalibrateAsync(server, new Wire.CalibrateRequest { Queries = 100, Source = Wire.QuerySource.Points, Ks = { Hits } });
        Assert.Equal((Wire.QuerySource.Points, 100u), (frames[^1].Report.Curve.Source, frames[^1].Report.Curve.Queries));
    }

    [Fact]
    public async Task Requests_that_mean_nothing_are_refused_and_a_caller_who_leaves_can_stop_it()
    {
        await using RunningServer server = await FilledAsync();
        await RefusedAsync(new Wire.CalibrateRequest { VectorName = "other" }, Wire.ErrorReason.VectorUnknown, "vector_name");
        await RefusedAsync(new Wire.CalibrateRequest { Queries = 99 }, Wire.ErrorReason.FieldInvalid, "queries");
        await RefusedAsync(new Wire.CalibrateRequest { Queries = 100_001 }, Wire.ErrorReason.LimitExceeded, "queries");
        await RefusedAsync(new Wire.CalibrateRequest { Ks = { 10, 1_001 } }, Wire.ErrorReason.LimitExceeded, "ks[1]");
        await RefusedAsync(new Wire.CalibrateRequest { Source = Wire.QuerySource.Judgements }, Wire.ErrorReason.FieldRequired, "judgements");
        await RefusedAsync(new Wire.CalibrateRequest { Source = Wire.QuerySource.Points, Judgements = "some" }, Wire.ErrorReason.FieldInvalid, "judgements");
        await RefusedAsync(new Wire.CalibrateRequest { Judgements = "none" }, Wire.ErrorReason.JudgementsUnknown, "judgements");
        await server.Api.CreateAsync("empty");
        await RunningServer.RefusedAsync(
            () => server.Api.CollectionStreamAsync<Wire.CalibrateRequest, Wire.CalibrateFrame>("Calibrate", new Wire.CalibrateRequest { Header = Api.Header("empty") }),
            Wire.ErrorReason.FieldInvalid, "vector_name");

        await using (ServerStreamCall<Wire.CalibrateRequest, Wire.CalibrateFrame> call = await server.Channel.ServerStreamAsync(
            new RpcMethod<Wire.CalibrateRequest, Wire.CalibrateFrame>(Wire.CollectionsReflection.Descriptor.Services[0], "Calibrate"),
            new Wire.CalibrateRequest { Header = Api.Header("docs"), Source = Wire.QuerySource.Points, Queries = 20_000, OnDisconnect = Wire.DisconnectPolicy.Cancel }))
        {
            Assert.NotNull((await call.ReadAsync())!.Progress);
            Assert.Equal(Wire.OperationKind.Calibrate, Assert.Single((await server.Api.DescribeAsync("docs")).Operations).Kind);
        }
        await WaitAsync(async () => (await server.Api.DescribeAsync("docs")).Operations.Count == 0);
        Assert.Null((await server.Api.DescribeAsync("docs")).Vectors[0].Curve);

        Task<List<Wire.CalibrateFrame>> running = CalibrateAsync(server, new Wire.CalibrateRequest { Source = Wire.QuerySource.Points, Queries = 20_000 });
        await WaitAsync(async () => (await server.Api.DescribeAsync("docs")).Operations.Count == 1);
        await server.Api.CollectionsAsync<Wire.DeleteCollectionRequest, Wire.DeleteCollectionReply>("Delete", new Wire.DeleteCollectionRequest { Header = Api.Header("docs") });
        RpcException gone = await Assert.ThrowsAsync<RpcException>(() => running);
        Assert.Equal("COLLECTION_UNKNOWN", gone.Reason);

        Task RefusedAsync(Wire.CalibrateRequest request, Wire.ErrorReason reason, string field) =>
            RunningServer.RefusedAsync(() => CalibrateAsync(server, request), reason, field);
    }

    private static Task<List<Wire.CalibrateFrame>> CalibrateAsync(RunningServer server, Wire.CalibrateRequest request)
    {
        request.Header = Api.Header("docs");
        return server.Api.CollectionStreamAsync<Wire.CalibrateRequest, Wire.CalibrateFrame>("Calibrate", request);
    }

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task<RunningServer> FilledAsync()
    {
        RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs", new Wire.CollectionConfig { Vectors = { new Wire.VectorSchema { Dimension = Dimension } } });
        var random = new Random(7);
        float[][] centres = [.. Enumerable.Range(0, 20).Select(_ => Noise(random))];
        foreach (int[] some in Enumerable.Range(1, Points).Chunk(1_000))
        {
            await server.Api.UpsertAsync("docs", [.. some.Select(i => new Wire.Point { Id = new Wire.Id { Number = (ulong)i }, Vector = VectorOf(Near(centres[i % 20], random)) })]);
        }
        await server.Api.CollectionStreamAsync<Wire.CompactRequest, Wire.CompactFrame>("Compact", new Wire.CompactRequest { Header = Api.Header("docs") });
        return server;
    }

    // Directions that have nothing to do with where the points are.
    private static float[][] Strange(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Noise(random))];
    }

    private static float[] Near(float[] centre, Random random) => [.. Noise(random).Zip(centre, static (noise, place) => 0.6f * noise + place)];

    private static float[] Noise(Random random) => [.. Enumerable.Range(0, Dimension).Select(_ => (float)(random.NextDouble() + random.NextDouble() - 1))];

    private static Wire.Vector VectorOf(float[] values) => new() { Values = { values } };

    private static async Task<(double Recall, Wire.RecallBasis Basis)> AnswersAsync(RunningServer server, float[][] queries)
    {
        int right = 0;
        var basis = Wire.RecallBasis.Unspecified;
        foreach (float[] query in queries)
        {
            Wire.SearchReply exact = await SearchAsync(new Wire.Accuracy { Exact = new Wire.Exact() });
            Wire.SearchReply found = await SearchAsync(new Wire.Accuracy { TargetRecall = Target });
            right += found.Hits.Count(hit => hit.Score >= exact.Hits[^1].Score - 1e-5f);
            basis = found.Recall.Basis;

            Task<Wire.SearchReply> SearchAsync(Wire.Accuracy accuracy) => server.Channel.UnaryAsync(Search, new Wire.SearchRequest
            {
                Header = Api.Header("docs"),
                Query = new Wire.Query { Vector = VectorOf(query) },
                K = Hits,
                Accuracy = accuracy,
            });
        }
        return ((double)right / (queries.Length * Hits), basis);
    }
}
