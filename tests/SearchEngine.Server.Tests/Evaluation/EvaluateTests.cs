using SearchEngine.Rpc.Client;
using SearchEngine.Server.Tests.Search;
using Xunit;

namespace SearchEngine.Server.Tests.Evaluation;

public sealed class EvaluateTests
{
    private const double Tolerance = 1e-6;

    private static readonly Wire.SearchRequest Exact = new() { Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() }, K = 20 };

    private static readonly Wire.SearchRequest Prefix = new()
    {
        Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() },
        K = 20,
        Walk = new Wire.WalkOptions { RescoreDimension = 32 },
    };

    [Fact]
    public async Task Metrics_of_every_configuration_and_group_are_those_worked_out_from_the_searches_themselves()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(24);
        Wire.EvaluateRequest request = Request(("exact", Exact), ("prefix", Prefix));
        request.Metrics.Add(
        [
            At(Wire.QualityMetric.Recall, 5), At(Wire.QualityMetric.Precision, 5), At(Wire.QualityMetric.Ndcg, 10), At(Wire.QualityMetric.ReciprocalRank, 3),
            At(Wire.QualityMetric.AveragePrecision, 20), At(Wire.QualityMetric.Hit, 1),
        ]);
        request.QueryReturn = Wire.QueryReturn.Include;

        List<Wire.EvaluateFrame> frames = await world.Evaluation.EvaluateAsync(request);

        Wire.EvaluateReport summary = frames[^1].Summary;
        Assert.Equal(["exact", "prefix"], summary.Reports.Select(static r => r.Configuration));
        foreach ((string name, Wire.SearchRequest template) in (IEnumerable<(string, Wire.SearchRequest)>)[("exact", Exact), ("prefix", Prefix)])
        {
            Wire.ConfigurationReport report = summary.Reports.Single(r => r.Configuration == name);
            var expected = new Dictionary<string, double[]>();
            foreach (Wire.JudgedQuery query in world.Queries)
            {
                expected[query.QueryId] = Expected(await world.SearchAsync(query, template), world.Grades[query.QueryId]);
            }
            foreach (Wire.QueryResult result in frames.Where(f => f.Queries?.Configuration == name).SelectMany(f => f.Queries.Queries))
            {
                AssertClose(expected[result.QueryId], [.. result.Values.Select(static v => (double)v)], $"{name}, {result.QueryId}");
            }
            foreach (Wire.GroupReport group in report.Groups)
            {
                string[] members = [.. world.Queries.Where(q => group.Group.Length == 0 || q.Groups.Contains(group.Group)).Select(static q => q.QueryId)];
                Assert.Equal((uint)members.Length, group.Queries);
                double[] means = [.. Enumerable.Range(0, 6).Select(m => members.Average(id => expected[id][m]))];
                AssertClose(means, [.. group.Values.Select(static v => v.Value)], $"{name}, group '{group.Group}'");
                Assert.All(group.Values, static value => Assert.True(value.Low <= value.Value && value.Value <= value.High, $"{value} lies outside its interval"));
            }
            Assert.Equal(["", "head", "tail"], report.Groups.Select(static g => g.Group).Order(StringComparer.Ordinal));
            Assert.Equal((24u, 0u), (report.Latency.Count, report.Failed));
        }
        Assert.All(summary.Reports[0].Groups.SelectMany(static g => g.Values), static value => Assert.Equal((0d, 1d), (value.Difference, value.PValue)));
        Wire.MetricValue[] ndcg = [.. summary.Reports.Select(static r => r.Groups[0].Values[2])];
        Assert.Equal(ndcg[1].Value - ndcg[0].Value, ndcg[1].Difference, 12);
        Assert.NotEmpty(summary.Machine.Kernels);
    }

    [Fact]
    public async Task A_search_spoiled_on_purpose_is_worse_with_certainty_and_equal_ones_are_within_noise()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(40);
        Wire.SearchRequest spoiled = Exact.Clone();
        // No relevant point is left but by luck.
        spoiled.Filter = SearchHost.Topic("t0");
        Wire.EvaluateReport summary = (await world.Evaluation.EvaluateAsync(Request(("exact", Exact), ("spoiled", spoiled), ("again", Exact))))[^1].Summary;

        Wire.MetricValue worse = summary.Reports[1].Groups[0].Values.Single(static v => v.Metric.Metric == Wire.QualityMetric.Ndcg);
        Assert.True(worse.Difference < -0.2 && worse.PValue < 0.01, $"losing four fifths of the points was taken for noise: {worse}");
        Wire.Warning[] noise = [.. summary.Header.Warnings.Where(static w => w.Kind == Wire.WarningKind.WithinNoise)];
        Assert.Equal("configurations[2]", Assert.Single(noise).Field);
        Assert.Contains(summary.Header.Warnings, static w => w.Kind == Wire.WarningKind.FewQueries);
    }

    [Fact]
    public async Task A_hundred_queries_are_not_few_and_are_answered_alike_one_by_one_and_beside_each_other()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(100);
        Wire.EvaluateRequest request = Request(("default", new Wire.SearchRequest()));
        Wire.EvaluateReport alone = (await world.Evaluation.EvaluateAsync(request))[^1].Summary;
        request.Concurrency = 8;
        Wire.EvaluateReport beside = (await world.Evaluation.EvaluateAsync(request))[^1].Summary;
        Assert.DoesNotContain(alone.Header.Warnings, static w => w.Kind == Wire.WarningKind.FewQueries);
        Assert.Equal(alone.Reports[0].Groups, beside.Reports[0].Groups);
    }

    [Fact]
    public async Task Only_changed_queries_are_returned_when_only_those_are_asked_for()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(20);
        Wire.EvaluateRequest request = Request(("exact", Exact), ("prefix", Prefix));
        request.QueryReturn = Wire.QueryReturn.Include;
        Dictionary<(string, string), Wire.QueryResult> all = Results(await world.Evaluation.EvaluateAsync(request));
        request.QueryReturn = Wire.QueryReturn.Changed;
        Dictionary<(string, string), Wire.QueryResult> changed = Results(await world.Evaluation.EvaluateAsync(request));

        string[] differing = [.. world.Queries.Select(static q => q.QueryId).Where(id => !all[("exact", id)].Values.Equals(all[("prefix", id)].Values))];
        Assert.NotEmpty(differing);
        Assert.True(differing.Length < 20, "every query changed; the test shows nothing");
        Assert.Equal(differing.Select(static id => ("prefix", id)).Order(), changed.Keys.Order());
    }

    [Fact]
    public async Task A_query_that_fails_counts_as_0_and_a_configuration_that_cannot_work_ends_the_call()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(3);
        await RunningServer.RefusedAsync(
            () => world.Evaluation.EvaluateAsync(Request(("wrong", new Wire.SearchRequest { Walk = new Wire.WalkOptions { WalkDimension = 48 } }))),
            Wire.ErrorReason.DimensionNotAllowed, "configurations[0].search.walk.walk_dimension");
        await RunningServer.RefusedAsync(
            () => world.Evaluation.EvaluateAsync(Request(("own", new Wire.SearchRequest { Query = new Wire.Query { Id = new Wire.Id { Number = 1 } } }))),
            Wire.ErrorReason.FieldInvalid, "configurations[0].search.query");
        await RunningServer.RefusedAsync(
            () => world.Evaluation.EvaluateAsync(Request(("a", Exact), ("a", Exact))), Wire.ErrorReason.FieldInvalid, "configurations[1].name");
        Wire.EvaluateRequest other = Request(("elsewhere", Exact));
        other.Configurations[0].Collection = "nothing";
        await RunningServer.RefusedAsync(() => world.Evaluation.EvaluateAsync(other), Wire.ErrorReason.CollectionUnknown, "configurations[0].collection");
        Wire.EvaluateRequest unknown = Request(("exact", Exact));
        unknown.Judgements = "none";
        await RunningServer.RefusedAsync(() => world.Evaluation.EvaluateAsync(unknown), Wire.ErrorReason.JudgementsUnknown, "judgements");

        await world.Evaluation.LoadAsync(
            JudgedWorld.Name, "texts", [world.Queries[0], new Wire.JudgedQuery { QueryId = "text", Text = "no encoder is there" }], world.Judgements.Append(
                new Wire.Judgement { QueryId = "text", Id = new Wire.Id { Number = 1 }, Grade = 1 }));
        Wire.EvaluateRequest mixed = Request(("exact", Exact));
        (mixed.Judgements, mixed.QueryReturn) = ("texts", Wire.QueryReturn.Include);
        List<Wire.EvaluateFrame> frames = await world.Evaluation.EvaluateAsync(mixed);
        Wire.QueryResult failed = Results(frames)[("exact", "text")];
        Assert.Equal(Wire.ErrorReason.EncoderNone, failed.Error.Reason);
        Assert.All(failed.Values, static value => Assert.Equal(0, value));
        Assert.Equal((1u, 2u), (frames[^1].Summary.Reports[0].Failed, frames[^1].Summary.Reports[0].Groups[0].Queries));
    }

    [Fact]
    public async Task More_resamples_than_a_large_set_allows_are_refused_before_anything_is_searched()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(1);
        const int Queries = 10_001;
        await world.Evaluation.LoadAsync(
            JudgedWorld.Name, "large", Enumerable.Range(0, Queries).Select(static i => new Wire.JudgedQuery { QueryId = $"{i}", Text = "x" }),
            Enumerable.Range(0, Queries).Select(static i => new Wire.Judgement { QueryId = $"{i}", Id = new Wire.Id { Number = 1 }, Grade = 1 }));
        Wire.EvaluateRequest request = Request(("exact", Exact));
        (request.Judgements, request.Resamples) = ("large", 100_000);
        await RunningServer.RefusedAsync(() => world.Evaluation.EvaluateAsync(request), Wire.ErrorReason.LimitExceeded, "resamples");
    }

    [Fact]
    public async Task An_evaluation_that_nobody_waits_for_any_more_ends()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(100);
        using var gone = new CancellationTokenSource();
        Wire.EvaluateRequest request = Request([.. Enumerable.Range(0, 16).Select(static i => ($"c{i}", Exact))]);
        request.Resamples = 100_000;
        var method = new RpcMethod<Wire.EvaluateRequest, Wire.EvaluateFrame>(Wire.EvaluationReflection.Descriptor.Services[0], "Evaluate");
        await using (ServerStreamCall<Wire.EvaluateRequest, Wire.EvaluateFrame> call = await world.Server.Channel.ServerStreamAsync(method, request, cancellation: gone.Token))
        {
            Assert.NotNull(await call.ReadAsync());
            await gone.CancelAsync();
        }
        for (int i = 0; i < 600 && world.Server.ActiveCalls > 0; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.True(world.Server.ActiveCalls == 0, "the evaluation goes on a minute after its caller has gone; suspect a loop without a look at the cancellation");
    }

    private static Wire.EvaluateRequest Request(params (string Name, Wire.SearchRequest Search)[] configurations)
    {
        var request = new Wire.EvaluateRequest { Header = Api.Header(JudgedWorld.Name), Judgements = JudgedWorld.Set };
        request.Configurations.Add(configurations.Select(static one => new Wire.Configuration { Name = one.Name, Search = one.Search }));
        return request;
    }

    private static Wire.MetricAt At(Wire.QualityMetric metric, uint k) => new() { Metric = metric, K = k };

    private static Dictionary<(string, string), Wire.QueryResult> Results(List<Wire.EvaluateFrame> frames) => frames
        .Where(static frame => frame.Queries is not null)
        .SelectMany(static frame => frame.Queries.Queries.Select(query => (frame.Queries.Configuration, query)))
        .ToDictionary(static pair => (pair.Configuration, pair.query.QueryId), static pair => pair.query);

    // Straight from the definitions, for the six metrics of the first test.
    private static double[] Expected(ulong[] hits, Dictionary<ulong, uint> grades)
    {
        uint[] found = [.. hits.Select(id => grades.GetValueOrDefault(id))];
        uint[] ideal = [.. grades.Values.Where(static g => g > 0).OrderDescending()];
        int Relevant(int k) => found.Take(k).Count(static g => g > 0);
        double Gain(IEnumerable<uint> some) => some.Select(static (g, i) => g / Math.Log2(i + 2)).Sum();
        int first = Array.FindIndex(found, static g => g > 0);
        double precision = Enumerable.Range(0, Math.Min(20, found.Length)).Where(i => found[i] > 0).Sum(i => Relevant(i + 1) / (i + 1.0));
        return
        [
            (double)Relevant(5) / ideal.Length, Relevant(5) / 5.0, Gain(found.Take(10)) / Gain(ideal.Take(10)), first is >= 0 and < 3 ? 1.0 / (first + 1) : 0,
            precision / ideal.Length, Relevant(1) > 0 ? 1 : 0,
        ];
    }

    private static void AssertClose(double[] expected, double[] actual, string of)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance, $"{of}: metric {i} is {actual[i]}, worked out by hand {expected[i]}");
        }
    }
}
