using SearchEngine.Rpc.Server;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>More than the server takes: it says no, stays whole, and takes calls again.</summary>
public sealed class OverloadTests
{
    private static readonly byte[] Wait = KestrelReplyTests.Request(new Script { Behaviour = Behaviour.Wait });

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Calls_beyond_the_limit_are_unavailable_and_the_limit_is_never_passed(int limit)
    {
        const int Offered = 200;
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { MaxConcurrentCalls = limit });
        await using RawConnection first = await RawConnection.OpenAsync(server.Port);
        await using RawConnection second = await RawConnection.OpenAsync(server.Port);
        var streams = new List<RawStream>();
        for (int i = 0; i < Offered; i++) streams.Add(await (i % 2 == 0 ? first : second).CallAsync(ProbePaths.Echo, Wait));
        await Guard.UntilAsync(() => streams.Count(stream => stream.Ended.IsCompleted) >= Offered - limit, "the calls beyond the limit are refused");
        await Task.WhenAll(first.PingAsync(), second.PingAsync());
        Assert.True(server.Handlers.Entered <= limit, $"{server.Handlers.Entered} handlers were let in; the limit is {limit}.");
        RawStream[] refused = [.. streams.Where(stream => stream.Ended.IsCompleted)];
        Assert.All(refused, stream => Assert.True(stream.GrpcStatus == 14, $"Overload is UNAVAILABLE: {stream}"));
        await first.DisposeAsync();
        await second.DisposeAsync();
        await HealthyCalls.AssertReleasedAsync(server);
        await HealthyCalls.AssertServesAsync(server);
    }

    /// <summary>Opening and resetting streams as fast as possible (CVE-2023-44487) must not outrun the server.</summary>
    [Fact]
    public async Task A_flood_of_resets_leaves_no_call_and_harms_no_other_connection()
    {
        const int Resets = 10_000;
        const int Batch = 100;
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection bystander = await RawConnection.OpenAsync(server.Port);
        RawStream open = await bystander.CallAsync(ProbePaths.Chat);
        await using RawConnection attacker = await RawConnection.OpenAsync(server.Port);
        for (int i = 0; i < Resets / Batch; i++)
        {
            var frames = new List<Http2Frame>();
            for (int j = 0; j < Batch; j++)
            {
                RawStream stream = attacker.NewStream();
                frames.Add(Http2Frame.Headers(stream.Id, HeaderBlock.Write(HeaderBlock.Call(ProbePaths.Chat))));
                frames.Add(Http2Frame.Reset(stream.Id, 8));
            }
            await attacker.SendAsync([.. frames]);
        }
        await attacker.FinishAsync();
        await bystander.SendAsync(Http2Frame.Data(open.Id, GrpcBytes.Frame(new ProbeRequest()), Http2Frame.EndStream));
        await Guard.WaitAsync(open.Ended, "a call on another connection");
        Assert.True(open.GrpcStatus == 0, $"A call on another connection was harmed: {open}");
        await HealthyCalls.AssertReleasedAsync(server);
        Assert.True(!server.Log.OwnLines.Any(), $"Logged: {server.Log.OwnLines.FirstOrDefault()}");
    }
}
