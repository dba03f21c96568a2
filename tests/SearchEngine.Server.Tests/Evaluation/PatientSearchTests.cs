using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Evaluation;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Admission;
using SearchEngine.Server.Tests.Search;
using SearchEngine.Server.Tests.Search.Admission;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Evaluation;

public sealed class PatientSearchTests
{
    [Fact]
    public async Task Query_that_gave_way_to_another_caller_while_it_waited_is_searched_again()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using var directory = new TempDirectory();
        using ServerState state = ServerState.Open(new SearchServerOptions { DataDirectory = directory.Path });
        state.Store.Create(JudgedWorld.Name, SearchHost.Schema);
        var settings = new AdmissionSettings { Workers = 1 };
        var desk = new AdmissionDesk(settings, TimeProvider.System);
        var service = new EvaluationService(state, new SearchRunner(desk, new CostModel(), TimeProvider.System));
        await using RpcServer server = await RpcServer.StartAsync(
            new RpcServerOptions { MeterScope = new object() }, [RpcService.Bind(Wire.EvaluationReflection.Descriptor.Services[0], service)]);
        using var channel = new RpcChannel(new Uri($"http://{server.EndPoint}"));
        var evaluation = new EvaluationApi(channel);
        await evaluation.LoadAsync(
            JudgedWorld.Name, JudgedWorld.Set, [new Wire.JudgedQuery { QueryId = "q", Vector = SearchHost.Vector([.. Enumerable.Repeat(1f, SearchHost.Dimension)]) }],
            [new Wire.Judgement { QueryId = "q", Id = new Wire.Id { Number = 1 }, Grade = 1 }]);

        Ticket held = desk.Take(new WorkOrder(LaneKind.Interactive, "other", 1));
        Task<List<Wire.EvaluateFrame>> running = evaluation.EvaluateAsync(new Wire.EvaluateRequest { Header = Api.Header(JudgedWorld.Name), Judgements = JudgedWorld.Set });
        for (int i = 0; i < 600 && desk.QueuedMicros(LaneKind.Bulk) == 0; i++)
        {
            await Task.Delay(50, stop);
        }
        long waiting = desk.QueuedMicros(LaneKind.Bulk);
        Assert.True(waiting > 0, "the query of the evaluation does not wait for the place that is taken");
        // Half as much work of another caller does not fit beside it, and is within that one's share.
        desk.Change(settings with { MaxQueueMicros = waiting + waiting / 2 - 1 });
        Task<Ticket> other = desk.AskAsync(new WorkOrder(LaneKind.Bulk, "other", waiting / 2), stop);
        // Room for both from here on: the one that gave way only has to come again.
        desk.Change(settings);
        desk.Leave(held);
        desk.Leave(await other.WaitAsync(TimeSpan.FromSeconds(30), stop));

        List<Wire.EvaluateFrame> frames = await running.WaitAsync(TimeSpan.FromSeconds(30), stop);
        Assert.Equal(0u, Assert.Single(frames[^1].Summary.Reports).Failed);
    }
}
