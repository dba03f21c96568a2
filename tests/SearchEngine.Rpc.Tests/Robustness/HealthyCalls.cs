using Google.Protobuf;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>Calls that must succeed whatever happened before.</summary>
internal static class HealthyCalls
{
    /// <summary>A unary call with a vector on a fresh connection comes back whole.</summary>
    public static async Task AssertServesAsync(ProbeServer server)
    {
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        await AssertServesAsync(connection);
    }

    /// <summary>The same on a connection in use.</summary>
    public static async Task AssertServesAsync(RawConnection connection)
    {
        byte[] vector = new byte[3072];
        new Random(1).NextBytes(vector);
        var request = new ProbeRequest { Load = new Load { Vector = ByteString.CopyFrom(vector), Name = "healthy" } };
        RawStream stream = await connection.CallAsync(ProbePaths.Echo, GrpcBytes.Frame(request));
        await Guard.WaitAsync(stream.Ended, "the reply to a healthy call");
        Assert.True(stream.GrpcStatus == 0, $"A healthy call failed: {stream}, GOAWAY {connection.GoAwayCode}, reader {connection.Broken}.");
        Assert.Equal(request.Load, ProbeReply.Parser.ParseFrom(GrpcBytes.Split(stream.Data())!.Single()).Load);
    }

    /// <summary>Every call has been released and every handler has left.</summary>
    public static async Task AssertReleasedAsync(ProbeServer server)
    {
        await Guard.UntilAsync(() => server.ActiveCalls == 0, $"no call is active ({server.ActiveCalls} are)");
        await Guard.UntilAsync(() => server.Handlers.Entered == server.Handlers.Left, "every handler has left");
    }
}
