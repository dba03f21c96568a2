using System.Diagnostics;
using Google.Protobuf;
using SearchEngine.Rpc.Server;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>Many streams at once, slow ones and idle ones: what they may cost.</summary>
[Collection(AloneCollection.Name)]
public sealed class ManyStreamsTests
{
    private const int Streams = 1_000;
    private const long Megabyte = 1 << 20;

    private static readonly RpcServerOptions ThousandStreams = new() { MaxStreamsPerConnection = Streams };

    [Fact]
    public async Task A_thousand_duplex_streams_on_one_connection_all_talk_and_end()
    {
        const int Rounds = 5;
        await using ProbeServer server = await ProbeServer.StartAsync(ThousandStreams);
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        var streams = new RawStream[Streams];
        for (int i = 0; i < Streams; i++) streams[i] = await connection.CallAsync(ProbePaths.Chat);
        await Guard.UntilAsync(() => server.ActiveCalls == Streams, "a thousand calls are in progress at once");
        for (int round = 0; round < Rounds; round++)
        {
            byte end = round == Rounds - 1 ? Http2Frame.EndStream : (byte)0;
            foreach (RawStream stream in streams) await connection.SendAsync(Http2Frame.Data(stream.Id, Message(stream.Id, round), end));
        }
        foreach (RawStream stream in streams)
        {
            await Guard.WaitAsync(stream.Ended, "one of a thousand streams");
            Assert.True(stream.GrpcStatus == 0, $"One of a thousand streams failed: {stream}");
            long[] numbers = [.. GrpcBytes.Split(stream.Data())!.Select(body => ProbeReply.Parser.ParseFrom(body).Load.Number)];
            Assert.Equal(Enumerable.Range(0, Rounds).Select(round => (long)stream.Id * 100 + round), numbers);
        }
        await HealthyCalls.AssertReleasedAsync(server);
        Assert.Empty(server.Log.Lines);
    }

    [Fact]
    public async Task Readers_that_do_not_read_make_the_handlers_wait_and_hold_little_memory()
    {
        const int Slow = 50;
        const int ReplyBytes = 100_000;
        await using ProbeServer server = await ProbeServer.StartAsync(ThousandStreams);
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port, Reading.Never);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Slow; i++)
        {
            await connection.CallAsync(ProbePaths.Count, KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Flood, ReplyBytes = ReplyBytes }));
        }
        await Guard.UntilAsync(() => server.Handlers.Entered == Slow, "all floods have begun");
        // Time enough for a handler that does not wait to write hundreds of megabytes; more time changes nothing.
        await Task.Delay(1_000, TestContext.Current.CancellationToken);
        Assert.True(server.Handlers.Replies <= Slow * 3, $"{server.Handlers.Replies} replies of {ReplyBytes} bytes were taken from {Slow} handlers that nobody reads.");
        AllocationTests.AssertGrowth(before, Slow * Megabyte, "fifty unread floods");
        Assert.Equal(Slow, server.ActiveCalls);
        await HealthyCalls.AssertServesAsync(server);
        await connection.DisposeAsync();
        await HealthyCalls.AssertReleasedAsync(server);
    }

    [Fact]
    public async Task A_slow_reader_gets_every_reply_in_order()
    {
        const int Count = 200;
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port, Reading.Never, streamWindow: 1_000);
        RawStream stream = await connection.CallAsync(ProbePaths.Count, KestrelReplyTests.Request(new Script { Count = Count, ReplyBytes = 1_000 }));
        while (!stream.Ended.IsCompleted)
        {
            await connection.SendAsync(Http2Frame.WindowUpdate(0, 3_001), Http2Frame.WindowUpdate(stream.Id, 3_001));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        Assert.True(stream.GrpcStatus == 0, $"A slow reader lost its call: {stream}");
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), GrpcBytes.Split(stream.Data())!.Select(body => ProbeReply.Parser.ParseFrom(body).Number));
    }

    [Fact]
    public async Task A_writer_that_sends_one_byte_at_a_time_is_served()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        byte[] body = [.. Message(1, 1), .. Message(1, 2), .. KestrelReplyTests.Request(new Script { Compress = true }, 500)];
        RawStream stream = await connection.CallAsync(ProbePaths.Chat);
        foreach (byte one in body)
        {
            await connection.SendAsync(Http2Frame.Data(stream.Id, [one]));
            await connection.PingAsync();
        }
        await connection.SendAsync(Http2Frame.Data(stream.Id, [], Http2Frame.EndStream));
        await Guard.WaitAsync(stream.Ended, "the reply to a slow writer");
        Assert.True(stream.GrpcStatus == 0, $"A slow writer lost its call: {stream}");
        Assert.Equal(3, GrpcBytes.Split(stream.Data())!.Count);
    }

    [Fact]
    public async Task Idle_streams_cost_no_cpu()
    {
        const int Idle = 64;
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        for (int i = 0; i < Idle; i++)
        {
            RawStream stream = await connection.CallAsync(ProbePaths.Chat, ("grpc-timeout", "1H"));
            await connection.SendAsync(Http2Frame.Data(stream.Id, Message(stream.Id, 0)));
        }
        await Guard.UntilAsync(() => server.Handlers.Replies == Idle, "all streams have talked once");
        // What the calls before have left to do (tiered compilation, collections) is not theirs.
        await Task.Delay(2_000, TestContext.Current.CancellationToken);
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        var window = TimeSpan.FromSeconds(4);
        await Task.Delay(window, TestContext.Current.CancellationToken);
        process.Refresh();
        TimeSpan used = process.TotalProcessorTime - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Idle} idle streams: {used.TotalMilliseconds} ms of CPU in {window.TotalSeconds} s");
        // A loop or a short timer per stream would take seconds; an idle runtime takes a few milliseconds.
        Assert.True(used < window / 10, $"{Idle} idle streams used {used.TotalMilliseconds} ms of CPU in {window.TotalSeconds} s.");
        Assert.Equal(Idle, server.ActiveCalls);
    }

    private static byte[] Message(int stream, int round) => GrpcBytes.Frame(new ProbeRequest { Load = new Load { Number = stream * 100L + round, Vector = ByteString.CopyFrom(new byte[64]) } });
}
