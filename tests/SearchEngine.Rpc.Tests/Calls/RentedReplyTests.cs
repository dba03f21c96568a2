using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Rpc.Tests.Probe;
using Xunit;

namespace SearchEngine.Rpc.Tests.Calls;

public sealed class RentedReplyTests
{
    [Fact]
    public async Task ConcurrentCalls_NeverSeeEachOthersRentedReply()
    {
        const int Calls = 2_000;
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var handlers = new RentingHandlers();
        await using RpcServer server = await RpcServer.StartAsync(new RpcServerOptions { MeterScope = new object() }, [RpcService.Bind(ProbeMethods.Service, handlers)]);
        using var channel = new RpcChannel(new Uri($"http://127.0.0.1:{server.EndPoint.Port}"), new RpcChannelOptions { MaxConcurrentCalls = 64 });
        ProbeReply[] replies = await Task.WhenAll(Enumerable.Range(0, Calls).Select(number =>
            channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest { Load = new Load { Number = number } }, cancellation: cancellation)));
        Assert.Equal(Enumerable.Range(0, Calls).Select(number => (long)number), replies.Select(reply => reply.Number));
        Assert.True(handlers.Made < Calls / 2, $"{handlers.Made} of {Calls} rented replies were new: none come back to the pool.");
    }

    private sealed class RentingHandlers
    {
        private readonly System.Runtime.CompilerServices.ConditionalWeakTable<ProbeReply, object> _seen = [];
        private int _made;

        public int Made => Volatile.Read(ref _made);

        public async ValueTask<ProbeReply> Echo(ProbeRequest request, ServerCall call)
        {
            ProbeReply reply = call.RentReply<ProbeReply>();
            if (_seen.TryAdd(reply, reply)) Interlocked.Increment(ref _made);
            reply.Number = request.Load.Number;
            // Every third call leaves its thread, as a search that waits would.
            if (request.Load.Number % 3 == 0) await Task.Yield();
            return reply;
        }
    }
}
