using Google.Protobuf.Reflection;
using Microsoft.Extensions.Logging;
using SearchEngine.Protocol.V1;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Server;

/// <summary>The search process: which services of the contract it serves, and the server that carries them.</summary>
public static class SearchServer
{
    /// <summary>The contract of the search process. A service without a handler tells its callers so.</summary>
    private static readonly FileDescriptor[] Contract =
    [
        CollectionsReflection.Descriptor, PointsReflection.Descriptor, SearchReflection.Descriptor, RerankReflection.Descriptor,
        EvaluationReflection.Descriptor, AdminReflection.Descriptor,
    ];

    public static Task<RpcServer> StartAsync(RpcServerOptions options, Action<ILoggingBuilder>? configureLogs = null)
    {
        RpcService[] services = [.. Contract.SelectMany(file => file.Services).Select(RpcService.Unserved)];
        return RpcServer.StartAsync(options, services, configureLogs);
    }
}
