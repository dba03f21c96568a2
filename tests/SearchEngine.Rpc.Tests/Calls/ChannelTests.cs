using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Tests.Probe;
using Xunit;

namespace SearchEngine.Rpc.Tests.Calls;

public sealed class ChannelTests
{
    [Fact]
    public async Task CallsBeyondTheChannelsBound_WaitTheirTurnAndRunIntoTheirDeadline()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using ProbeServer server = await ProbeServer.StartAsync();
        using RpcChannel channel = server.Connect(new RpcChannelOptions { MaxConcurrentCalls = 1 });
        Task<ProbeReply> first = channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest { Script = new Script { Behaviour = Behaviour.Ignore } }, cancellation: cancellation);
        await server.ActiveCallsBecomeAsync(1, cancellation);

        RpcException waited = await Assert.ThrowsAsync<RpcException>(() =>
            channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), new CallOptions { Timeout = TimeSpan.FromMilliseconds(30) }, cancellation));
        Assert.Equal(StatusCode.DeadlineExceeded, waited.Code);
        Assert.Equal(1, server.Handlers.Entered);

        server.Handlers.OpenGate();
        await first;
        await channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), cancellation: cancellation);
    }

    [Fact]
    public async Task CallersCancellation_ReachesTheHandlerAndComesBackAsCancellation()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using ProbeServer server = await ProbeServer.StartAsync();
        using RpcChannel channel = server.Connect();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<ProbeReply> call = channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest { Script = new Script { Behaviour = Behaviour.Wait } }, cancellation: caller.Token);
        await server.ActiveCallsBecomeAsync(1, cancellation);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await server.ActiveCallsBecomeAsync(0, cancellation);
        Assert.Equal(1, server.Handlers.Cancelled);
    }

    [Fact]
    public async Task RequestBeyondTheClientsOwnLimit_IsRefusedBeforeItIsSent()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using RpcChannel channel = server.Connect(new RpcChannelOptions { MaxRequestBytes = 100 });
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(ProbeMethods.Echo,
            new ProbeRequest { Load = new Load { Vector = Google.Protobuf.ByteString.CopyFrom(new byte[101]) } }, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal((StatusCode.ResourceExhausted, RpcReasons.MessageTooLarge), (refused.Code, refused.Reason));
        Assert.Equal(0, server.Handlers.Entered);
        // The place of the refused call is free again.
        await channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task RemainingTime_IsVisibleToTheHandler()
    {
        var seen = new List<TimeSpan?>();
        await using ProbeServer server = await ProbeServer.StartAsync();
        server.Handlers.Inspect = call => seen.Add(call.Remaining);
        using RpcChannel channel = server.Connect();
        await channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), new CallOptions { Timeout = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        await channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(seen[0]!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.Null(seen[1]);
    }

    [Fact]
    public async Task TwoValuesOfOneBinaryKey_AreRefusedBecauseSomeServersCannotReadThem()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using RpcChannel channel = server.Connect();
        var headers = new Metadata { { "k-bin", new byte[] { 1 } }, { "k-bin", new byte[] { 2 } } };
        await Assert.ThrowsAsync<ArgumentException>(() =>
            channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), new CallOptions { Headers = headers }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void MethodOfOtherTypesThanTheContracts_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new RpcMethod<ProbeReply, ProbeReply>(ProbeMethods.Service, "Echo"));
}
