using System.Diagnostics;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Fuzz;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>Headers broken in every way: a lawful answer, a reset or the end of the connection, never a fault of the server.</summary>
public sealed class HeaderFuzzTests
{
    private const int FirstSeed = 2_000_000;
    private const int Sample = 2_000;

    private static readonly byte[] SmallRequest = GrpcBytes.Frame(new ProbeRequest { Load = new Load { Name = "small" } });

    [Fact]
    public async Task Broken_headers_get_a_lawful_answer()
    {
        // Telemetry reads metadata, too; without a listener that path would not be tried.
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "SearchEngine.Rpc",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        await using ProbeServer server = await ProbeServer.StartAsync();
        server.Handlers.Inspect = call => _ = call.RequestHeaders.Count;
        RawConnection connection = await RawConnection.OpenAsync(server.Port);
        foreach (int seed in LongTests.Seeds(FirstSeed, Sample))
        {
            await RunAsync(connection, seed);
            if (seed % 20 != 0 && !connection.Closed.IsCompleted && connection.GoAwayCode is null) continue;
            await connection.DisposeAsync();
            await HealthyCalls.AssertReleasedAsync(server);
            connection = await RawConnection.OpenAsync(server.Port);
            await HealthyCalls.AssertServesAsync(connection);
        }
        await connection.DisposeAsync();
        await HealthyCalls.AssertReleasedAsync(server);
        Assert.True(!server.Log.OwnLines.Any(), $"A client's mistake was logged as a fault of the server: {server.Log.OwnLines.FirstOrDefault()}");
    }

    /// <summary>Binary metadata that is no base64 is refused in every call; a trace context that is none is a context less.</summary>
    [Theory]
    [InlineData("x-bin", "!", StatusCode.Internal)]
    [InlineData("x-bin", "AAAAA", StatusCode.Internal)]
    [InlineData("x-bin", "AAAA", StatusCode.Ok)]
    [InlineData("traceparent", "00-nonsense", StatusCode.Ok)]
    public async Task Malformed_metadata_ends_in_a_status_while_telemetry_listens(string name, string value, StatusCode wanted)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "SearchEngine.Rpc",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream stream = await connection.CallAsync(ProbePaths.Echo, SmallRequest, (name, value));
        await Guard.WaitAsync(stream.Ended, "an answer");
        Assert.True(stream.GrpcStatus == (int)wanted, $"The metadata {name} = {value} has to end in {wanted}: {stream}");
    }

    private static async Task RunAsync(RawConnection connection, int seed)
    {
        var fuzz = new HeaderCase(seed);
        RawStream stream = connection.NewStream();
        await connection.SendAsync([.. fuzz.HeaderFrames(stream.Id), Http2Frame.Data(stream.Id, SmallRequest, Http2Frame.EndStream)]);
        await Guard.WaitAsync(stream.Ended, $"the answer to header case {seed}");
        Assert.True(connection.Broken is null, $"Header case {seed}: {connection.Broken}");
        RawReplies.AssertLawful(stream, $"header case {seed}");
    }
}
