using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Health.V1;
using SearchEngine.Rpc.Tests.Probe;
using Xunit;

namespace SearchEngine.Rpc.Tests.Calls;

using ServingStatus = HealthCheckResponse.Types.ServingStatus;

public sealed class HealthTests
{
    private const string Service = "searchengine.rpc.probe.Probe";

    private static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> Check = new(HealthReflection.Descriptor.Services[0], "Check");
    private static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> Watch = new(HealthReflection.Descriptor.Services[0], "Watch");
    private static readonly RpcMethod<HealthListRequest, HealthListResponse> List = new(HealthReflection.Descriptor.Services[0], "List");

    [Fact]
    public async Task Watch_TellsTheStatusAtOnceAndEveryChange()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using RpcChannel channel = server.Connect();
        await using ServerStreamCall<HealthCheckRequest, HealthCheckResponse> watch =
            await channel.ServerStreamAsync(Watch, new HealthCheckRequest { Service = Service }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(ServingStatus.Serving, (await watch.ReadAsync())!.Status);
        foreach (ServingStatus status in new[] { ServingStatus.NotServing, ServingStatus.Serving, ServingStatus.Unknown })
        {
            server.Server.Health.Set(Service, status);
            Assert.Equal(status, (await watch.ReadAsync())!.Status);
        }
    }

    [Fact]
    public async Task ServiceNobodyKnows_IsNotFoundByCheckAndSeenByWatchWhenItComes()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using RpcChannel channel = server.Connect();
        var unknown = new HealthCheckRequest { Service = "later.Service" };
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(Check, unknown, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.NotFound, refused.Code);
        await using ServerStreamCall<HealthCheckRequest, HealthCheckResponse> watch =
            await channel.ServerStreamAsync(Watch, unknown, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(ServingStatus.ServiceUnknown, (await watch.ReadAsync())!.Status);
        server.Server.Health.Set("later.Service", ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, (await watch.ReadAsync())!.Status);
    }

    [Fact]
    public async Task StatusSetBeforeTheStart_Stands()
    {
        var board = new SearchEngine.Rpc.Health.HealthBoard();
        board.Set("", ServingStatus.NotServing);
        await using ProbeServer server = await ProbeServer.StartAsync(new SearchEngine.Rpc.Server.RpcServerOptions { Health = board });
        using RpcChannel channel = server.Connect();
        HealthListResponse all = await channel.UnaryAsync(List, new HealthListRequest(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(ServingStatus.NotServing, all.Statuses[""].Status);
        Assert.Equal(ServingStatus.Serving, all.Statuses[Service].Status);
    }
}
