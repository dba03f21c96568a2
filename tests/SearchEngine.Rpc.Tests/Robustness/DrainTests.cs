using SearchEngine.Rpc.Health.V1;
using SearchEngine.Rpc.Server;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>A server that stops: who is told what, in which order.</summary>
public sealed class DrainTests
{
    private static readonly byte[] SmallRequest = GrpcBytes.Frame(new ProbeRequest { Load = new Load { Name = "small" } });
    private static readonly byte[] WholeServer = GrpcBytes.Frame(new HealthCheckRequest());

    [Fact]
    public async Task Open_streams_end_with_unavailable_though_their_handlers_wait_for_ever()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { DrainTime = TimeSpan.FromMilliseconds(300) });
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream[] open =
        [
            await connection.CallAsync(ProbePaths.Chat),
            await connection.CallAsync(ProbePaths.Collect),
            await connection.CallAsync(ProbePaths.Echo, KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Wait })),
            await connection.CallAsync(ProbePaths.Echo, KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Ignore })),
            await connection.CallAsync(ProbePaths.Count, KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Flood, ReplyBytes = 100 })),
        ];
        await Guard.UntilAsync(() => server.Handlers.Entered == open.Length, "all handlers are in");
        await Guard.WaitAsync(server.Server.StopAsync(TestContext.Current.CancellationToken), "the end of a server with open streams");
        foreach (RawStream stream in open)
        {
            await Guard.WaitAsync(stream.Ended, "the end of an open stream");
            Assert.True(stream.GrpcStatus == 14, $"A drained call ends with UNAVAILABLE: {stream}");
        }
    }

    [Fact]
    public async Task A_call_that_ends_within_the_drain_time_ends_well_and_new_ones_are_refused()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { DrainTime = TimeSpan.FromSeconds(50) });
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream open = await connection.CallAsync(ProbePaths.Chat);
        RawStream watch = await connection.CallAsync(ProbePaths.Watch, WholeServer);
        await connection.SendAsync(Http2Frame.Data(open.Id, SmallRequest));
        await Guard.WaitAsync(open.HeadersArrived, "the first reply");
        await Guard.WaitAsync(watch.HeadersArrived, "the first health report");
        Task stopped = server.Server.StopAsync(TestContext.Current.CancellationToken);
        await Guard.WaitAsync(watch.Ended, "the end of the health watch");
        Assert.True(watch.GrpcStatus == 14, $"A watch has nothing to wait for once the server drains: {watch}");
        Assert.Equal(
            [HealthCheckResponse.Types.ServingStatus.Serving, HealthCheckResponse.Types.ServingStatus.NotServing],
            GrpcBytes.Split(watch.Data())!.Select(body => HealthCheckResponse.Parser.ParseFrom(body).Status));
        Assert.False(stopped.IsCompleted, "The open call has fifty seconds; the server may not stop before it is done.");
        RawStream refused = await connection.CallAsync(ProbePaths.Echo, SmallRequest);
        await Guard.WaitAsync(refused.Ended, "the refusal of a new call");
        Assert.True(refused.GrpcStatus == 14, $"A new call while draining is UNAVAILABLE: {refused}");
        await connection.SendAsync(Http2Frame.Data(open.Id, SmallRequest, Http2Frame.EndStream));
        await Guard.WaitAsync(open.Ended, "the end of the call in progress");
        Assert.True(open.GrpcStatus == 0, $"A call that ends in time ends well: {open}");
        await Guard.WaitAsync(stopped, "the server to stop once it is empty");
    }

    [Fact]
    public async Task A_client_that_does_not_read_cannot_hold_the_drain_up()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { DrainTime = TimeSpan.FromMilliseconds(100) });
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port, Reading.Never);
        for (int i = 0; i < 10; i++)
        {
            await connection.CallAsync(ProbePaths.Count, KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Flood, ReplyBytes = 50_000 }));
        }
        await Guard.UntilAsync(() => server.Handlers.Entered == 10, "all floods have begun");
        await Guard.WaitAsync(server.Server.StopAsync(TestContext.Current.CancellationToken), "the end of a server whose clients do not read");
        await Guard.UntilAsync(() => server.Handlers.Left == 10, "the handlers have left");
    }

    [Fact]
    public async Task Idle_connections_are_told_and_closed()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        await HealthyCalls.AssertServesAsync(connection);
        await Guard.WaitAsync(server.Server.StopAsync(TestContext.Current.CancellationToken), "the end of an idle server");
        await Guard.WaitAsync(connection.Closed, "the end of the connection");
        Assert.True(connection.GoAwayCode == 0, $"An orderly end is GOAWAY with NO_ERROR, not {connection.GoAwayCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"}.");
    }

    [Fact]
    public async Task Calls_that_come_while_the_server_stops_are_served_or_refused_never_lost()
    {
        for (int round = 0; round < 10; round++)
        {
            await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { DrainTime = TimeSpan.FromMilliseconds(200) });
            await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
            var streams = new List<RawStream>();
            for (int i = 0; i < 20; i++) streams.Add(await connection.CallAsync(ProbePaths.Chat));
            await Guard.UntilAsync(() => server.ActiveCalls == 20, "twenty calls are in progress");
            Task stopped = server.Server.StopAsync(TestContext.Current.CancellationToken);
            for (int i = 0; i < 60 && !connection.Closed.IsCompleted; i++) streams.Add(await connection.CallAsync(ProbePaths.Chat));
            await Guard.WaitAsync(stopped, "the end of a busy server");
            foreach (RawStream stream in streams)
            {
                await Guard.WaitAsync(stream.Ended, "the end of a call during shutdown");
                // A call that came after GOAWAY has no answer; HTTP/2 tells its client that it was not processed.
                if (stream.EndedInOrder) Assert.True(stream.GrpcStatus == 14, $"A call that lost its server is UNAVAILABLE: {stream}");
            }
            Assert.All(streams.Take(20), stream => Assert.True(stream.EndedInOrder, $"A call in progress was lost: {stream}"));
            Assert.Equal(server.Handlers.Entered, server.Handlers.Left);
        }
    }
}
