using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>Every way a call can end before its handler is done: the client resets, vanishes, or its deadline passes.</summary>
public sealed class KestrelEndTests
{
    private const uint Cancel = 8;

    private static readonly byte[] SmallRequest = GrpcBytes.Frame(new ProbeRequest { Load = new Load { Name = "small" } });

    [Fact]
    public async Task A_reset_stops_a_handler_that_writes_without_end()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream stream = await connection.CallAsync(ProbePaths.Count, KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Flood, ReplyBytes = 100 }));
        await Guard.UntilAsync(() => stream.DataBytes > 10_000, "replies flow");
        await connection.SendAsync(Http2Frame.Reset(stream.Id, Cancel));
        await Guard.UntilAsync(() => server.Handlers.Left == 1, "the handler notices that nobody reads: Kestrel swallows writes after an abort");
        Assert.Equal(1, server.Handlers.Cancelled);
        await HealthyCalls.AssertReleasedAsync(server);
        Assert.Empty(server.Log.Lines);
    }

    /// <summary>Kestrel throws IOException, ConnectionAbortedException or OperationCanceledException as the moment has it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_reset_is_a_cancellation_whichever_exception_kestrel_throws(int delayMilliseconds)
    {
        const int Calls = 300;
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        // The token is asked for first: only then does Kestrel cancel it later than it fails the read.
        server.Handlers.Inspect = call => _ = call.Cancellation;
        for (int i = 0; i < Calls; i++)
        {
            string path = (i % 3) switch { 0 => ProbePaths.Collect, 1 => ProbePaths.Chat, _ => ProbePaths.Echo };
            RawStream stream = await connection.CallAsync(path);
            if (i % 2 == 0) await connection.SendAsync(Http2Frame.Data(stream.Id, SmallRequest[..(i % SmallRequest.Length)]));
            await Task.Delay(delayMilliseconds, TestContext.Current.CancellationToken);
            await connection.SendAsync(Http2Frame.Reset(stream.Id, Cancel));
        }
        await connection.PingAsync();
        await HealthyCalls.AssertReleasedAsync(server);
        Assert.True(server.Handlers.LastFault is null, $"A handler saw the client's reset as a fault of its own: {server.Handlers.LastFault}");
        Assert.True(server.Log.Lines.Count == 0, $"The client's reset was logged as a fault: {server.Log.Lines.FirstOrDefault()}");
        await HealthyCalls.AssertServesAsync(server);
    }

    [Fact]
    public async Task A_connection_that_vanishes_cancels_all_its_calls()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        RawConnection connection = await RawConnection.OpenAsync(server.Port);
        for (int i = 0; i < 20; i++)
        {
            await connection.CallAsync(ProbePaths.Echo, KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Wait }));
            await connection.CallAsync(ProbePaths.Chat);
            await connection.CallAsync(ProbePaths.Count, KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Flood, ReplyBytes = 1000 }));
        }
        await Guard.UntilAsync(() => server.Handlers.Entered == 60, "all handlers are in");
        await connection.DisposeAsync();
        await HealthyCalls.AssertReleasedAsync(server);
        Assert.Equal(60, server.Handlers.Cancelled);
        Assert.True(server.Log.Lines.Count == 0, $"A vanished client was logged as a fault: {server.Log.Lines.FirstOrDefault()}");
    }

    [Theory]
    [InlineData(ProbePaths.Echo)]
    [InlineData(ProbePaths.Count)]
    [InlineData(ProbePaths.Collect)]
    [InlineData(ProbePaths.Chat)]
    public async Task The_server_ends_a_call_at_its_deadline_though_the_handler_ignores_it(string path)
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream stream = await connection.CallAsync(path, KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Ignore, Count = 1 }), ("grpc-timeout", "100m"));
        await Guard.WaitAsync(stream.Ended, "DEADLINE_EXCEEDED from the server");
        Assert.True(stream.GrpcStatus == 4, $"The deadline ends the call with DEADLINE_EXCEEDED: {stream}");
        Assert.Equal(0, server.Handlers.Left);
        // The handler is still inside; what it writes now goes nowhere and harms nobody.
        await HealthyCalls.AssertServesAsync(connection);
        server.Handlers.OpenGate();
        await HealthyCalls.AssertReleasedAsync(server);
        await HealthyCalls.AssertServesAsync(connection);
        Assert.Empty(server.Log.Lines);
    }

    [Fact]
    public async Task The_deadline_ends_a_request_that_never_comes()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream[] streams =
        [
            await connection.CallAsync(ProbePaths.Echo, ("grpc-timeout", "50m")),
            await connection.CallAsync(ProbePaths.Collect, ("grpc-timeout", "50m")),
            await connection.CallAsync(ProbePaths.Chat, ("grpc-timeout", "50m")),
        ];
        foreach (RawStream stream in streams)
        {
            await Guard.WaitAsync(stream.Ended, "DEADLINE_EXCEEDED for a request that is not there");
            Assert.True(stream.GrpcStatus == 4, $"The deadline ends a call that waits for its request: {stream}");
        }
        await HealthyCalls.AssertReleasedAsync(server);
        await HealthyCalls.AssertServesAsync(connection);
    }

    [Fact]
    public async Task A_reader_that_never_reads_is_reset_when_its_deadline_has_passed()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port, Reading.Never);
        RawStream flood = await connection.CallAsync(ProbePaths.Count,
            KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Flood, ReplyBytes = 50_000 }), ("grpc-timeout", "3S"));
        await Guard.WaitAsync(flood.Ended, "the reset of a stream whose client takes neither data nor status");
        Assert.True(flood.ResetCode == Cancel, $"The window is closed, so the status cannot be sent: {flood}");
        await HealthyCalls.AssertReleasedAsync(server);
        await HealthyCalls.AssertServesAsync(server);
    }

    [Fact]
    public async Task A_unary_reply_that_nobody_reads_does_not_outlive_its_deadline()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port, Reading.Never);
        RawStream stream = await connection.CallAsync(ProbePaths.Echo, KestrelReplyTests.Request(new Script(), 300_000), ("grpc-timeout", "3S"));
        await Guard.WaitAsync(stream.Ended, "the end of a unary call whose reply is not read: its bytes stay in the server until then");
        Assert.True(stream.ResetCode is not null, $"The reply cannot have been delivered: {stream}");
        await HealthyCalls.AssertReleasedAsync(server);
    }

    [Fact]
    public async Task An_early_reply_while_requests_still_come_leaves_the_connection_whole()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        byte[] unread = GrpcBytes.Frame(new byte[60_000]);
        // Together far more than the connection's window: bytes that no handler reads have to be given back.
        for (int i = 0; i < 100; i++)
        {
            RawStream stream = await connection.CallAsync(ProbePaths.Collect);
            await connection.SendAsync([Http2Frame.Data(stream.Id, KestrelReplyTests.Request(new Script { StopAfter = 1 })), .. Unfinished(stream.Id, unread)]);
            await Guard.WaitAsync(stream.Ended, "the early reply");
            Assert.True(stream.GrpcStatus == 0, $"An early return delivers its status: {stream}");
            await connection.SendAsync([.. Unfinished(stream.Id, unread)]);
        }
        await connection.PingAsync();
        Assert.True(connection.GoAwayCode is null, $"Requests after an early reply ended the connection: GOAWAY {connection.GoAwayCode}");
        await HealthyCalls.AssertServesAsync(connection);
        await HealthyCalls.AssertReleasedAsync(server);
        Assert.Empty(server.Log.Lines);
    }

    [Fact]
    public async Task A_status_that_races_with_deadline_reset_and_reply_is_given_once()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        var random = new Random(7);
        for (int round = 0; round < 40; round++)
        {
            RawStream[] streams = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => connection.CallAsync(ProbePaths.Count,
                KestrelReplyTests.Request(new Script { Count = random.Next(200), ReplyBytes = random.Next(2_000) }), ("grpc-timeout", $"{random.Next(1, 4_000)}u"))));
            foreach (RawStream stream in streams)
            {
                if (random.Next(4) == 0) await connection.SendAsync(Http2Frame.Reset(stream.Id, Cancel));
                else await Guard.WaitAsync(stream.Ended, "the end of a call with a tiny deadline");
                RawReplies.AssertLawful(stream, "deadline race");
                if (stream.EndedInOrder) Assert.True(stream.GrpcStatus is 0 or 4, $"Neither OK nor DEADLINE_EXCEEDED: {stream}");
            }
        }
        await HealthyCalls.AssertReleasedAsync(server);
        await HealthyCalls.AssertServesAsync(connection);
        Assert.True(server.Log.Lines.Count == 0, $"Logged: {server.Log.Lines.FirstOrDefault()}");
    }

    private static IEnumerable<Http2Frame> Unfinished(int stream, byte[] bytes) => bytes.Chunk(Http2Frame.MaxPayload).Select(part => Http2Frame.Data(stream, part));
}
