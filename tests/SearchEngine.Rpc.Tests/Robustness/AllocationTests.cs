using SearchEngine.Rpc.Server;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>Measures memory and CPU of the whole process: nothing else may run meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}

/// <summary>A claim costs nothing: memory follows the bytes that really came.</summary>
[Collection(AloneCollection.Name)]
public sealed class AllocationTests
{
    private const int Streams = 1_000;
    private const long Megabyte = 1 << 20;

    [Fact]
    public async Task A_prefix_of_4_GiB_on_a_thousand_streams_is_refused_and_costs_nothing()
    {
        byte[] claim = GrpcBytes.Frame(new byte[100], 0, uint.MaxValue);
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        await HealthyCalls.AssertServesAsync(connection);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Streams; i++)
        {
            RawStream stream = await connection.CallAsync(i % 2 == 0 ? ProbePaths.Echo : ProbePaths.Collect, claim);
            await Guard.WaitAsync(stream.Ended, "the refusal of 4 GiB");
            Assert.True(stream.GrpcStatus == 8, $"4 GiB are RESOURCE_EXHAUSTED: {stream}");
        }
        AssertGrowth(before, 32 * Megabyte, "a thousand claims of 4 GiB");
        await HealthyCalls.AssertReleasedAsync(server);
    }

    /// <summary>16 MiB are allowed, so the server has to wait for them; it must not lay them in beforehand.</summary>
    [Fact]
    public async Task An_allowed_prefix_on_a_thousand_open_streams_takes_memory_only_as_bytes_come()
    {
        byte[] claim = GrpcBytes.Frame(new byte[100], 0, 16 << 20);
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { MaxStreamsPerConnection = Streams });
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        await HealthyCalls.AssertServesAsync(connection);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Streams; i++)
        {
            RawStream stream = await connection.CallAsync(ProbePaths.Echo);
            await connection.SendAsync(Http2Frame.Data(stream.Id, claim));
        }
        await connection.PingAsync();
        await Guard.UntilAsync(() => server.ActiveCalls == Streams, "all streams are open");
        // Kestrel's own stream, its pipes and our first 4 KiB: some 20 KiB each. 64 KiB each would be 64 MB.
        AssertGrowth(before, 48 * Megabyte, "a thousand claims of 16 MiB");
        foreach (RawStream stream in connection.Streams) await connection.SendAsync(Http2Frame.Reset(stream.Id, 8));
        await HealthyCalls.AssertReleasedAsync(server);
    }

    [Fact]
    public async Task A_gzip_bomb_is_refused_at_the_limit()
    {
        byte[] bomb = GrpcBytes.Frame(GrpcBytes.Gzip(new byte[64 << 20]), 1);
        await using ProbeServer server = await ProbeServer.StartAsync(limits: new MessageLimits { MaxRequestBytes = 4 << 20 });
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        await HealthyCalls.AssertServesAsync(connection);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < 10; i++)
        {
            RawStream stream = await connection.CallAsync(ProbePaths.Echo, bomb, ("grpc-encoding", "gzip"));
            await Guard.WaitAsync(stream.Ended, "the refusal of a bomb");
            Assert.True(stream.GrpcStatus == 8, $"A bomb is RESOURCE_EXHAUSTED: {stream}");
        }
        // Ten times the limit, doubled on the way, and the copies this client makes.
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.True(allocated < 200 * Megabyte, $"Ten bombs of 64 MiB against a limit of 4 MiB allocated {allocated / Megabyte} MB.");
        await HealthyCalls.AssertReleasedAsync(server);
    }

    internal static void AssertGrowth(long before, long bound, string what)
    {
        long growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(growth < bound, $"{what} hold {growth / Megabyte} MB; the bound is {bound / Megabyte} MB.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {growth / 1024} KiB");
    }
}
