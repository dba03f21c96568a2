using Google.Protobuf.Reflection;
using Microsoft.Extensions.Logging;
using SearchEngine.Collections;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Collections;
using SearchEngine.Server.Configuration;
using SearchEngine.Server.Points;
using SearchEngine.Server.Rerank;
using SearchEngine.Server.Search;
using SearchEngine.Server.Security;

namespace SearchEngine.Server;

/// <summary>The search process: the store it opens, which services of the contract it serves, and the server that carries them.</summary>
public sealed class SearchServer : IAsyncDisposable
{
    // Framing of the largest item frame.
    private const int FrameSlack = 1_024;

    /// <summary>The contract of the search process. A service without a handler tells its callers so.</summary>
    private static readonly FileDescriptor[] Contract =
    [
        Wire.CollectionsReflection.Descriptor, Wire.PointsReflection.Descriptor, Wire.SearchReflection.Descriptor,
        Wire.RerankReflection.Descriptor, Wire.EvaluationReflection.Descriptor, Wire.AdminReflection.Descriptor,
    ];

    private readonly ServerState _state;
    private readonly ILoggerFactory _logs;
    private readonly KeyRing? _keys;

    private SearchServer(RpcServer rpc, ServerState state, ILoggerFactory logs, KeyRing? keys)
    {
        Rpc = rpc;
        _state = state;
        _logs = logs;
        _keys = keys;
    }

    public RpcServer Rpc { get; }

    /// <exception cref="ConfigurationException">The options cannot be used; nothing was opened.</exception>
    public static async Task<SearchServer> StartAsync(
        SearchServerOptions options, RpcServerOptions rpc, Action<ILoggingBuilder>? configureLogs = null)
    {
        ILoggerFactory logs = LoggerFactory.Create(configureLogs ?? (static _ => { }));
        KeyRing? keys = null;
        ServerState? state = null;
        try
        {
            keys = OpenAccess.Keys(options.Security, rpc, logs.CreateLogger(ServerLog.Category));
            state = OpenState(options);
            var handlers = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["Collections"] = new CollectionsService(state),
                ["Points"] = new PointsService(state),
                ["Search"] = SearchService.Over(state),
                ["Rerank"] = new RerankService(state),
            };
            RpcService[] services = [.. Contract.SelectMany(static file => file.Services).Select(s => Serve(s, handlers))];
            RpcServerOptions guarded = rpc with { Interceptors = [new AccessInterceptor(keys), .. rpc.Interceptors] };
            return new SearchServer(await RpcServer.StartAsync(guarded, services, configureLogs).ConfigureAwait(false), state, logs, keys);
        }
        catch
        {
            state?.Dispose();
            keys?.Dispose();
            logs.Dispose();
            throw;
        }
    }

    /// <summary>Drains, stops, and closes the store: what was acknowledged is on the disk then.</summary>
    public async ValueTask DisposeAsync()
    {
        await Rpc.DisposeAsync().ConfigureAwait(false);
        _state.Dispose();
        _keys?.Dispose();
        _logs.Dispose();
    }

    // Whoever starts the process knows files, not collections.
    private static ServerState OpenState(SearchServerOptions options)
    {
        try
        {
            return ServerState.Open(options);
        }
        catch (CollectionException refused)
        {
            throw new IOException($"{options.DataDirectory} cannot be opened: {refused.Message}", refused);
        }
    }

    private static RpcService Serve(ServiceDescriptor service, Dictionary<string, object> handlers)
    {
        RpcService served = handlers.TryGetValue(service.Name, out object? handler) ? RpcService.Bind(service, handler) : RpcService.Unserved(service);
        foreach (MethodDescriptor method in service.Methods)
        {
            // Callers may ask for larger replies than most clients take; every service keeps to what its caller asked for.
            served.Limit(method.Name, new MessageLimits
            {
                MaxReplyBytes = Envelope.MaxReplyBytes,
                MaxRequestBytes = method.IsClientStreaming ? PointLimits.MaxFrameBytes + FrameSlack : PointLimits.MaxRequestBytes,
            });
        }
        return served;
    }
}
