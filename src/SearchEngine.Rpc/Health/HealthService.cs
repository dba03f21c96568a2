using SearchEngine.Rpc.Health.V1;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Rpc.Health;

using ServingStatus = HealthCheckResponse.Types.ServingStatus;

/// <summary>grpc.health.v1 over a <see cref="HealthBoard"/>.</summary>
internal sealed class HealthService(HealthBoard board)
{
    public static RpcService Bind(HealthBoard board) =>
        RpcService.Bind(HealthReflection.Descriptor.Services.Single(), new HealthService(board));

    public ValueTask<HealthCheckResponse> Check(HealthCheckRequest request, ServerCall call) =>
        board.Read(request.Service).Status is { } status
            ? ValueTask.FromResult(new HealthCheckResponse { Status = status })
            : throw new RpcException(StatusCode.NotFound, $"No service '{request.Service}' is known here.", RpcReasons.ServiceUnknown);

    public ValueTask<HealthListResponse> List(HealthListRequest request, ServerCall call)
    {
        var reply = new HealthListResponse();
        foreach ((string service, ServingStatus status) in board.ReadAll()) reply.Statuses[service] = new HealthCheckResponse { Status = status };
        return ValueTask.FromResult(reply);
    }

    public async ValueTask Watch(HealthCheckRequest request, ReplyStream<HealthCheckResponse> replies, ServerCall call)
    {
        ServingStatus? told = null;
        while (true)
        {
            (ServingStatus? status, Task changed) = board.Read(request.Service);
            ServingStatus now = status ?? ServingStatus.ServiceUnknown;
            if (now != told)
            {
                await replies.WriteAsync(new HealthCheckResponse { Status = now }).ConfigureAwait(false);
                told = now;
            }
            // A watcher has nothing left to wait for, and must not hold up the drain.
            if (board.IsDraining) throw CallEnds.Draining();
            await changed.WaitAsync(call.Cancellation).ConfigureAwait(false);
        }
    }
}
