using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Rpc.Tests.Probe;
using Xunit;

namespace SearchEngine.Rpc.Tests.Calls;

public sealed class RetryingCallTests
{
    private static readonly RetryPolicy Quick = new() { MaxAttempts = 3, FirstDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public async Task IdempotentCall_IsTriedAgainUntilTheServerIsAvailable()
    {
        var refusing = new RefusesFirst(2);
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { Interceptors = [refusing] });
        using RpcChannel channel = server.Connect(new RpcChannelOptions { Retry = Quick });
        var record = new CallRecord();
        await channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), new CallOptions { Record = record }, TestContext.Current.CancellationToken);
        Assert.Equal(3, record.Attempts);
    }

    [Fact]
    public async Task AttemptsEnd_AndTheLastStatusIsTheCalls()
    {
        var refusing = new RefusesFirst(int.MaxValue);
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { Interceptors = [refusing] });
        using RpcChannel channel = server.Connect(new RpcChannelOptions { Retry = Quick });
        RpcException ended = await Assert.ThrowsAsync<RpcException>(() =>
            channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal((StatusCode.Unavailable, "BUSY"), (ended.Code, ended.Reason));
        Assert.Equal(3, refusing.Calls);
    }

    [Fact]
    public async Task CallThatTheContractDoesNotCallIdempotent_IsMadeOnceUnlessAskedFor()
    {
        var refusing = new RefusesFirst(int.MaxValue);
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { Interceptors = [refusing] });
        using RpcChannel channel = server.Connect(new RpcChannelOptions { Retry = Quick });
        await Assert.ThrowsAsync<RpcException>(() =>
            channel.UnaryAsync(ProbeMethods.Unserved, new ProbeRequest(), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(1, refusing.Calls);
        await Assert.ThrowsAsync<RpcException>(() =>
            channel.UnaryAsync(ProbeMethods.Unserved, new ProbeRequest(), new CallOptions { Retry = Quick }, TestContext.Current.CancellationToken));
        Assert.Equal(4, refusing.Calls);
    }

    [Fact]
    public async Task ServerThatAsksForALongDelay_IsNotWaitedFor()
    {
        var refusing = new RefusesFirst(int.MaxValue, TimeSpan.FromHours(1));
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { Interceptors = [refusing] });
        using RpcChannel channel = server.Connect(new RpcChannelOptions { Retry = Quick });
        RpcException ended = await Assert.ThrowsAsync<RpcException>(() =>
            channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(TimeSpan.FromHours(1), ended.RetryDelay);
        Assert.Equal(1, refusing.Calls);
    }

    [Fact]
    public async Task NoServerAtAll_IsUnavailable()
    {
        Uri nobody;
        await using (ProbeServer server = await ProbeServer.StartAsync()) nobody = server.Address;
        using var channel = new RpcChannel(nobody, new RpcChannelOptions { Retry = RetryPolicy.None });
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() =>
            channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.Unavailable, refused.Code);
    }

    private sealed class RefusesFirst(int refusals, TimeSpan? retryAfter = null) : IInterceptor
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public ValueTask InvokeAsync(ServerCall call, CallDelegate next)
        {
            if (Interlocked.Increment(ref _calls) > refusals) return next(call);
            var busy = new RpcException(StatusCode.Unavailable, "Busy.", "BUSY");
            throw retryAfter is { } delay ? busy.RetryAfter(delay) : busy;
        }
    }
}
