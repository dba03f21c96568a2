using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Fuzz;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>HTTP/2 frames broken in every way: whatever the server still answers is lawful, and it lets go of every call.</summary>
public sealed class FrameFuzzTests
{
    private const int FirstSeed = 3_000_000;
    private const int Sample = 1_500;
    private const int AtOnce = 10;

    // How long a case may look for more answers; longer finds no more faults, shorter cuts calls off while they are served.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(40);

    [Fact]
    public async Task Broken_frames_get_lawful_answers_and_leave_nothing_behind()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        server.Handlers.ObeysScripts = false;
        foreach (int[] seeds in LongTests.Seeds(FirstSeed, Sample).Chunk(AtOnce))
        {
            await Task.WhenAll(seeds.Select(seed => RunAsync(server.Port, seed)));
            await HealthyCalls.AssertReleasedAsync(server);
            await HealthyCalls.AssertServesAsync(server);
        }
        Assert.True(!server.Log.OwnLines.Any(), $"A client's mistake was logged as a fault of the server: {server.Log.OwnLines.FirstOrDefault()}");
    }

    private static async Task RunAsync(int port, int seed)
    {
        var fuzz = new FrameCase(seed);
        await using RawConnection connection = await RawConnection.DialAsync(port);
        if (fuzz.WithPreface)
        {
            await connection.SendAsync(RawConnection.Preface);
            await connection.SendAsync(Http2Frame.Settings());
        }
        await connection.SendAsync(fuzz.Bytes);
        // The server may rightly wait for the rest of a frame that claims to be longer: then no ping is answered.
        await Task.WhenAny(connection.PingAsync(), Task.Delay(Look, TestContext.Current.CancellationToken));
        await connection.FinishAsync();
        Assert.True(connection.Broken is null, $"Frame case {seed}: the server sent what is no HTTP/2: {connection.Broken}");
        foreach (RawStream stream in connection.Streams) RawReplies.AssertLawful(stream, $"frame case {seed}");
    }
}
