using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Server.Tests.Search;

/// <summary>Searches of several stages or rounds under a budget: predicted as a whole, and cut short in any of them.</summary>
public sealed class StagedWorkTests
{
    private const string Name = "docs";
    private const int Points = 60, RowsOfPoint = 200, RowsOfQuery = 500;

    private static readonly CallOptions Once = new() { Retry = RetryPolicy.None };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Second_stage_that_is_predicted_too_dear_is_doubted_until_it_is_measured()
    {
        const int BudgetMicros = 8_000, Most = 400;
        await using RunningServer server = await StartAsync();
        Wire.SearchRequest request = Request("late");
        Wire.SearchReply free = await SearchAsync(server, request);
        Assert.True(free.Header.Cost.PredictedCpuMicros > BudgetMicros, $"predicted are {free.Header.Cost.PredictedCpuMicros} us: nothing would be refused");
        request.Budget = new Wire.Budget { TimeMicros = BudgetMicros, OnExpiry = Wire.PartialPolicy.Refuse };
        int refused = 0;
        while (refused <= Most && await IsRefusedAsync(server, request))
        {
            refused++;
        }
        Assert.True(refused is > 0 and <= Most, $"{refused} refusals: the prediction of late interaction is never doubted, or nothing was predicted.");
    }

    [Theory]
    [InlineData("multi")]
    [InlineData("late")]
    [InlineData("grouped")]
    [InlineData("grouped multi")]
    [InlineData("diverse")]
    public async Task Time_that_is_over_ends_every_stage_in_a_partial_answer_only_where_it_is_allowed(string kind)
    {
        await using RunningServer server = await StartAsync();
        Wire.SearchRequest request = Request(kind);
        request.Budget = new Wire.Budget { TimeMicros = 1, OnExpiry = Wire.PartialPolicy.Allow };
        Wire.SearchReply partial = await SearchAsync(server, request);
        Assert.Equal((false, Wire.IncompleteReason.Time, Wire.RecallBasis.None), (partial.Complete, partial.IncompleteReason, partial.Recall.Basis));
        Assert.Equal(kind.StartsWith("grouped", StringComparison.Ordinal), partial.Grouped is not null);
        Wire.SearchReply piped = await InPipelineAsync(server, request);
        Assert.Equal((false, Wire.IncompleteReason.Time), (piped.Complete, piped.IncompleteReason));
        request.Budget.OnExpiry = Wire.PartialPolicy.Refuse;
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => SearchAsync(server, request));
        Assert.Contains(refused.Reason, new[] { "PREDICTED_LATE", "DEADLINE" });
        request.Budget = null;
        Assert.True((await SearchAsync(server, request)).Complete, "the search after one that was cut short is not complete");
    }

    private static async Task<RunningServer> StartAsync()
    {
        RunningServer server = await RunningServer.StartAsync();
        Wire.CollectionConfig config = Api.Config();
        config.Vectors.Add(new Wire.VectorSchema { Name = "tokens", Kind = Wire.VectorKind.Multi, Dimension = Api.Dimension });
        await server.Api.CreateAsync(Name, config);
        var random = new Random(17);
        foreach (ulong id in Enumerable.Range(1, Points).Select(static i => (ulong)i))
        {
            Wire.Point point = Api.Point(id, year: 2000 + (long)id % 9);
            point.Vectors.Add("tokens", new Wire.AnyVector { Multi = Rows(random, RowsOfPoint) });
            await server.Api.UpsertAsync(Name, point);
        }
        return server;
    }

    private static Wire.SearchRequest Request(string kind)
    {
        var random = new Random(18);
        var request = new Wire.SearchRequest
        {
            Header = Api.Header(Name),
            Query = new Wire.Query { Vector = new Wire.Vector { Values = { 1, 2, 3, 1 } } },
            Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() },
        };
        if (kind.EndsWith("multi", StringComparison.Ordinal))
        {
            (request.Query, request.Accuracy) = (new Wire.Query { Multi = Rows(random, RowsOfQuery) }, null);
        }
        if (kind == "late")
        {
            request.LateInteraction = new Wire.LateInteraction { Query = Rows(random, RowsOfQuery), Candidates = Points };
        }
        if (kind == "diverse")
        {
            request.Diversity = new Wire.Diversity();
        }
        if (kind.StartsWith("grouped", StringComparison.Ordinal))
        {
            request.Grouping = new Wire.Grouping { Attribute = "year" };
        }
        return request;
    }

    private static Wire.MultiVector Rows(Random random, int rows) => new()
    {
        Dimension = Api.Dimension,
        Values = { Enumerable.Range(0, rows * Api.Dimension).Select(_ => (float)random.NextDouble() + 0.1f) },
    };

    private static Task<Wire.SearchReply> SearchAsync(RunningServer server, Wire.SearchRequest request) =>
        server.Channel.UnaryAsync(SearchHost.Search, request, Once, Cancel);

    private static async Task<Wire.SearchReply> InPipelineAsync(RunningServer server, Wire.SearchRequest request)
    {
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> call = await server.Channel.DuplexAsync(SearchHost.Pipeline, cancellation: Cancel);
        await call.ReadAsync();
        await call.WriteAsync(new Wire.PipelineRequest { CallId = 1, Search = request });
        Wire.PipelineReply answer = (await call.ReadAsync())!;
        call.CompleteRequests();
        return answer.Reply ?? throw new InvalidOperationException(answer.Error.ToString());
    }

    private static async Task<bool> IsRefusedAsync(RunningServer server, Wire.SearchRequest request)
    {
        try
        {
            await SearchAsync(server, request);
            return false;
        }
        catch (RpcException late) when (late.Reason == "PREDICTED_LATE")
        {
            return true;
        }
        catch (RpcException ended) when (ended.Reason == "DEADLINE")
        {
            // It was let in, and took longer than this machine was given.
            return false;
        }
    }
}
