using SearchEngine.Rpc.Server;

namespace SearchEngine.Server.Admin;

/// <summary>The transport of this server, for the service that drains it: the service is made first.</summary>
internal sealed class ServerHandle
{
    private readonly TaskCompletionSource<RpcServer> _rpc = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Known by the time of the first call, or soon after.</summary>
    public Task<RpcServer> Rpc => _rpc.Task;

    public IReadOnlyList<RpcService> Services { get; set; } = [];

    public void Started(RpcServer rpc) => _rpc.SetResult(rpc);
}
