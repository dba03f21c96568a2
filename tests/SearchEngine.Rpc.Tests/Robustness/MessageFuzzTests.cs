using SearchEngine.Rpc.Server;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Fuzz;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>Length-prefixed messages broken in every way end in exactly the status the protocol gives them.</summary>
public sealed class MessageFuzzTests
{
    private const int FirstSeed = 1_000_000;
    private const int Sample = 2_000;
    private const int CasesPerConnection = 50;

    [Fact]
    public async Task Broken_messages_end_in_their_status_and_nothing_else()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(limits: new MessageLimits { MaxRequestBytes = MessageCase.Limit });
        server.Handlers.ObeysScripts = false;
        foreach (int[] seeds in LongTests.Seeds(FirstSeed, Sample).Chunk(CasesPerConnection))
        {
            await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
            foreach (int seed in seeds) await RunAsync(connection, seed);
            await HealthyCalls.AssertServesAsync(connection);
            await HealthyCalls.AssertReleasedAsync(server);
        }
        Assert.True(server.Log.Lines.Count == 0, $"A client's mistake was logged as a fault of the server: {server.Log.Lines.FirstOrDefault()}");
    }

    private static async Task RunAsync(RawConnection connection, int seed)
    {
        var fuzz = new MessageCase(seed);
        RawStream stream = fuzz.GzipDeclared ? await connection.CallAsync(fuzz.Path, ("grpc-encoding", "gzip")) : await connection.CallAsync(fuzz.Path);
        await connection.SendAsync([.. fuzz.DataFrames(stream.Id)]);
        await Guard.WaitAsync(stream.Ended, $"the status of message case {seed}");
        RawReplies.AssertLawful(stream, $"message case {seed}");
        Assert.True(fuzz.Allows(stream.GrpcStatus),
            $"Message case {seed} ({fuzz.Path}, gzip {fuzz.GzipDeclared}, {fuzz.Body.Length} bytes): expected {fuzz.Expected()}, got {stream}, GOAWAY {connection.GoAwayCode}");
    }
}
