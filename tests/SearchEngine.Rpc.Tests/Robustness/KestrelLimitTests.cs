using Google.Protobuf;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>Kestrel's defaults that end calls or whole connections, each undone.</summary>
public sealed class KestrelLimitTests
{
    private static readonly byte[] SmallRequest = GrpcBytes.Frame(new ProbeRequest { Load = new Load { Name = "small" } });

    private const int MinStreams = 100;

    // Kestrel's default data-rate grace is 5 s: the default run waits just longer.
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(LongTests.Time is null ? 7 : 61);

    [Fact]
    public async Task An_idle_duplex_stream_survives_the_data_rate_grace()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream stream = await connection.CallAsync(ProbePaths.Chat);
        await connection.SendAsync(Http2Frame.Data(stream.Id, SmallRequest));
        await Guard.WaitAsync(stream.HeadersArrived, "the first reply");
        await Task.Delay(IdleTime, TestContext.Current.CancellationToken);
        await connection.SendAsync(Http2Frame.Data(stream.Id, SmallRequest, Http2Frame.EndStream));
        await Guard.WaitAsync(stream.Ended, "the reply after the pause");
        Assert.True(stream.GrpcStatus == 0, $"MinRequestBodyDataRate ended an idle stream: {stream}");
    }

    [Fact]
    public async Task A_message_that_stops_in_the_middle_survives_the_data_rate_grace()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream stream = await connection.CallAsync(ProbePaths.Echo);
        await connection.SendAsync(Http2Frame.Data(stream.Id, SmallRequest[..3]));
        await Task.Delay(IdleTime, TestContext.Current.CancellationToken);
        await connection.SendAsync(Http2Frame.Data(stream.Id, SmallRequest[3..], Http2Frame.EndStream));
        await Guard.WaitAsync(stream.Ended, "the reply after the pause");
        Assert.True(stream.GrpcStatus == 0, $"MinRequestBodyDataRate ended a slow message: {stream}");
    }

    [Fact]
    public async Task A_reader_that_pauses_survives_the_data_rate_grace()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port, Reading.Never);
        RawStream stream = await connection.CallAsync(ProbePaths.Count, KestrelReplyTests.Request(new Script { Count = 8, ReplyBytes = 16_384 }));
        await Guard.UntilAsync(() => stream.DataBytes == 65_535, "the stream's window is used up");
        await Task.Delay(IdleTime, TestContext.Current.CancellationToken);
        await connection.SendAsync(Http2Frame.WindowUpdate(0, 1 << 20), Http2Frame.WindowUpdate(stream.Id, 1 << 20));
        await Guard.WaitAsync(stream.Ended, "the rest of the replies");
        Assert.True(stream.GrpcStatus == 0, $"MinResponseDataRate ended a paused reader: {stream}");
        Assert.Equal(8, GrpcBytes.Split(stream.Data())!.Count);
    }

    [Fact]
    public async Task Messages_of_one_stream_may_sum_to_more_than_30_MB()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using RpcChannel channel = server.Connect();
        await using ClientStreamCall<ProbeRequest, ProbeReply> call =
            await channel.ClientStreamAsync(ProbeMethods.Collect, cancellation: TestContext.Current.CancellationToken);
        var request = new ProbeRequest { Load = new Load { Vector = ByteString.CopyFrom(new byte[1 << 20]) } };
        for (int i = 0; i < 40; i++) await call.WriteAsync(request);
        ProbeReply reply = await Guard.WaitAsync(call.CompleteAsync(), "the reply to 40 MB");
        Assert.Equal((40, 40L << 20), (reply.Number, reply.Bytes));
    }

    [Fact]
    public async Task Streams_beyond_the_limit_are_refused_unprocessed_and_served_when_there_is_room()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { MaxStreamsPerConnection = MinStreams });
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream[] open = [.. await Task.WhenAll(Enumerable.Range(0, MinStreams).Select(_ => connection.CallAsync(ProbePaths.Chat)))];
        await Guard.UntilAsync(() => server.ActiveCalls == MinStreams, "as many calls as are allowed are in progress");
        RawStream refused = await connection.CallAsync(ProbePaths.Echo, SmallRequest);
        await Guard.WaitAsync(refused.Ended, "the refusal of one stream more");
        Assert.True(refused.ResetCode == 7, $"REFUSED_STREAM tells a client that it may try again: {refused}");
        foreach (RawStream stream in open) await connection.SendAsync(Http2Frame.Data(stream.Id, [], Http2Frame.EndStream));
        foreach (RawStream stream in open) await Guard.WaitAsync(stream.Ended, "an open stream to end");
        await HealthyCalls.AssertServesAsync(connection);
    }

    /// <summary>As one does whose deadlines pass while the server is too busy to end the calls.</summary>
    [Fact]
    public async Task A_client_that_gives_calls_up_before_they_end_keeps_its_connection()
    {
        const uint Cancel = 8, EnhanceYourCalm = 11;
        // Kestrel tracks twice the limit; of what comes beyond, it refuses a hundred in five seconds by default, then it hangs up.
        const int Tracked = 2 * MinStreams, Rounds = 10;
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { MaxStreamsPerConnection = MinStreams });
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        byte[] stuck = KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Ignore });
        var streams = new List<RawStream>();
        for (int round = 0; round < Rounds; round++)
        {
            RawStream[] calls = [.. await Task.WhenAll(Enumerable.Range(0, MinStreams).Select(_ => connection.CallAsync(ProbePaths.Echo, stuck)))];
            // What is reset before Kestrel hands it over never becomes a call.
            await Guard.UntilAsync(
                () => server.ActiveCalls >= Math.Min(Tracked, (round + 1) * MinStreams), $"the calls of round {round} to have come ({server.ActiveCalls} are in)");
            await connection.SendAsync([.. calls.Select(call => Http2Frame.Reset(call.Id, Cancel))]);
            await connection.PingAsync();
            streams.AddRange(calls);
        }
        Assert.False(connection.Closed.IsCompleted, $"A client that gave up {streams.Count} calls lost its connection: KestrelSetup lets it give up more.");
        Assert.True(
            streams.Exists(stream => stream.ResetCode == EnhanceYourCalm), "Kestrel refused no stream: this test no longer provokes what it is about.");
        server.Handlers.OpenGate();
        await HealthyCalls.AssertReleasedAsync(server);
        await HealthyCalls.AssertServesAsync(connection);
    }

    [Fact]
    public async Task A_client_with_more_calls_than_streams_queues_and_finishes_them_all()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { MaxStreamsPerConnection = MinStreams });
        using RpcChannel channel = server.Connect();
        ProbeReply[] replies = await Guard.WaitAsync(
            Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest { Load = new Load { Number = i } }))),
            "many more calls than the streams of one connection");
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => (long)i), replies.Select(reply => reply.Load.Number));
    }

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(1, 200_000)]
    [InlineData(600, 10)]
    public async Task Too_much_metadata_refuses_the_call_and_not_the_connection(int entries, int bytes)
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream bystander = await connection.CallAsync(ProbePaths.Chat);
        RawStream refused = connection.NewStream();
        byte[] block = HeaderBlock.Write(HeaderBlock.Call(ProbePaths.Echo,
            [.. Enumerable.Range(0, entries).Select(i => ($"entry-{i}", new string('v', bytes)))]));
        await connection.SendAsync([.. HeaderFrames(refused.Id, block), Http2Frame.Data(refused.Id, SmallRequest, Http2Frame.EndStream)]);
        await Guard.WaitAsync(refused.Ended, "the refusal");
        Assert.True(refused.GrpcStatus == 8, $"Metadata above the limit ends in RESOURCE_EXHAUSTED: {refused}, GOAWAY {connection.GoAwayCode}");
        await connection.SendAsync(Http2Frame.Data(bystander.Id, SmallRequest, Http2Frame.EndStream));
        await Guard.WaitAsync(bystander.Ended, "the other call of the connection");
        Assert.True(bystander.GrpcStatus == 0, $"Another call of the same connection was harmed: {bystander}");
    }

    [Fact]
    public async Task A_message_of_16_MiB_passes_the_windows()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(limits: new MessageLimits { MaxRequestBytes = 17 << 20, MaxReplyBytes = 17 << 20 });
        using RpcChannel channel = server.Connect(new RpcChannelOptions { MaxReplyBytes = 17 << 20, MaxRequestBytes = 17 << 20 });
        byte[] vector = new byte[16 << 20];
        new Random(2).NextBytes(vector);
        ProbeReply reply = await Guard.WaitAsync(channel.UnaryAsync(ProbeMethods.Echo,
            new ProbeRequest { Load = new Load { Vector = ByteString.CopyFrom(vector) } }, cancellation: TestContext.Current.CancellationToken), "16 MiB there and back");
        Assert.True(reply.Load.Vector.Span.SequenceEqual(vector), "The vector came back changed.");
    }

    [Fact]
    public async Task Uploads_that_wait_for_their_handlers_do_not_stop_the_other_calls_of_the_connection()
    {
        const int Uploads = 10;
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        byte[] stuck = KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Ignore });
        for (int i = 0; i < Uploads; i++)
        {
            RawStream upload = await connection.CallAsync(ProbePaths.Collect);
            // As much as the stream's window takes, so that a client that counts would have to wait, too.
            await connection.SendAsync([.. stuck.Concat(new byte[700_000]).Chunk(Http2Frame.MaxPayload).Select(part => Http2Frame.Data(upload.Id, part))]);
        }
        await HealthyCalls.AssertServesAsync(connection);
        Assert.Equal(Uploads, server.ActiveCalls);
    }

    private static IEnumerable<Http2Frame> HeaderFrames(int stream, byte[] block)
    {
        byte[][] parts = [.. block.Chunk(16_384)];
        for (int i = 0; i < parts.Length; i++)
        {
            byte flags = i == parts.Length - 1 ? Http2Frame.EndHeaders : (byte)0;
            yield return new Http2Frame(i == 0 ? FrameKind.Headers : FrameKind.Continuation, flags, stream, parts[i]);
        }
    }
}
