using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Fuzz;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>Our client against a server that answers anything: a reply or an RpcException, in the time the caller gave.</summary>
public sealed class ClientFuzzTests
{
    private const int FirstSeed = 4_000_000;
    private const int Sample = 1_000;
    private const int AtOnce = 20;

    [Fact]
    public async Task Whatever_comes_back_is_a_reply_or_a_status()
    {
        foreach (int[] seeds in LongTests.Seeds(FirstSeed, Sample).Chunk(AtOnce))
        {
            await Guard.WaitAsync(Task.WhenAll(seeds.Select(RunAsync)), $"client cases {seeds[0]} to {seeds[^1]}, which have deadlines");
        }
    }

    private static async Task RunAsync(int seed)
    {
        var fuzz = new ReplyCase(seed);
        await using var server = new HostileServer(fuzz.Answer);
        using var channel = new RpcChannel(server.Address, new RpcChannelOptions { Retry = RetryPolicy.None, MaxReplyBytes = 1 << 20 });
        // Some answers never end, as half a frame does not: then the deadline has to.
        var options = new CallOptions { Timeout = TimeSpan.FromMilliseconds(300), Retry = RetryPolicy.None };
        try
        {
            if (seed % 2 == 0)
            {
                await channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), options, TestContext.Current.CancellationToken);
                return;
            }
            await using ServerStreamCall<ProbeRequest, ProbeReply> call =
                await channel.ServerStreamAsync(ProbeMethods.Count, new ProbeRequest(), options, TestContext.Current.CancellationToken);
            while (await call.ReadAsync() is not null)
            {
            }
        }
        catch (RpcException status)
        {
            Assert.NotEqual(StatusCode.Ok, status.Code);
        }
        catch (Exception other)
        {
            Assert.Fail($"Client case {seed}: not an RpcException but {other}");
        }
    }
}
