using System.Net;

namespace SearchEngine.Rpc.Operations;

/// <summary>The second port of a process: what it measures and whether it is ready.</summary>
public sealed record OperationsOptions
{
    /// <summary>
    /// Where to listen; port 0 takes a free one. Nobody is asked for credentials here, so anything but loopback is for networks whose
    /// members may know names of collections, load and versions. Default 127.0.0.1, free port.
    /// </summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>What <c>/readyz</c> answers.</summary>
    public required ReadinessBoard Readiness { get; init; }

    /// <summary>Of the meters to show beside those without a scope; see <see cref="Server.RpcServerOptions.MeterScope"/>.</summary>
    public object? MeterScope { get; init; }
}
