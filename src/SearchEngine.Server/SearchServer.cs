using System.Net;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.Logging;
using SearchEngine.Collections;
using SearchEngine.Rpc.Operations;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Admin;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Collections;
using SearchEngine.Server.Configuration;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Evaluation;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Points;
using SearchEngine.Server.Rerank;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Admission;
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

    private const string Starting = "start";

    private readonly ServerParts _parts;

    private SearchServer(RpcServer rpc, ServerParts parts)
    {
        Rpc = rpc;
        _parts = parts;
    }

    public RpcServer Rpc { get; }

    /// <summary>What keeps the server from being ready.</summary>
    public ReadinessBoard Readiness => _parts.Readiness;

    /// <summary>Where metrics and readiness are served; null where they are not.</summary>
    public IPEndPoint? OperationsEndPoint => _parts.Operations?.EndPoint;

    /// <summary>Opens the store, listens, and tests every collection; it answers from the moment it listens, and is ready when this ends well.</summary>
    /// <exception cref="ConfigurationException">The options cannot be used; nothing was opened.</exception>
    public static async Task<SearchServer> StartAsync(
        SearchServerOptions options, RpcServerOptions rpc, Action<ILoggingBuilder>? configureLogs = null)
    {
        // Its own scope: metrics of two servers in a process would mix.
        rpc = rpc with { MeterScope = rpc.MeterScope ?? new object() };
        var parts = new ServerParts(LoggerFactory.Create(configureLogs ?? (static _ => { })), new ReadinessBoard(rpc.Health));
        RpcServer? started = null;
        try
        {
            parts.Readiness.Wait(Starting, "collections are being opened");
            ILogger log = parts.Logs.CreateLogger(ServerLog.Category);
            parts.Keys = OpenAccess.Keys(options.Security, rpc, log);
            if (options.Watch.Listen is { } listen)
            {
                parts.Operations = await OperationsServer.StartAsync(
                    new OperationsOptions { Listen = listen, Readiness = parts.Readiness, MeterScope = rpc.MeterScope }, configureLogs).ConfigureAwait(false);
            }
            parts.State = OpenState(options, parts.Readiness);
            var desk = new AdmissionDesk(
                new AdmissionSettings
                {
                    MaxWaitMicros = (long)options.MaxWait.TotalMicroseconds,
                    MaxQueueMicros = (long)options.MaxQueue.TotalMicroseconds,
                    MaxCallerShare = options.MaxCallerShare,
                },
                options.Time);
            parts.Watch = new ServerWatch(options.Watch, parts.State, desk, rpc.MeterScope, log);
            parts.Encoders = new EncoderReadiness(parts.State.Store, parts.State.Encoders, parts.Readiness);
            var handle = new ServerHandle();
            RpcService[] services = Services(parts, desk, handle, rpc);
            handle.Services = services;
            RpcServerOptions guarded = rpc with
            {
                Interceptors = [new RecordingInterceptor(parts.Watch.Slow, parts.Watch.Audit), new AccessInterceptor(parts.Keys), .. rpc.Interceptors],
            };
            started = await RpcServer.StartAsync(guarded, services, configureLogs).ConfigureAwait(false);
            handle.Started(started);
            SelfTest.Run(parts.State.Store, parts.Readiness, log);
            parts.Readiness.Clear(Starting);
            return new SearchServer(started, parts);
        }
        catch
        {
            // It would go on listening over a closed store.
            if (started is not null)
            {
                await started.DisposeAsync().ConfigureAwait(false);
            }
            await parts.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Drains, stops, and closes the store: what was acknowledged is on the disk then.</summary>
    public async ValueTask DisposeAsync()
    {
        await Rpc.DisposeAsync().ConfigureAwait(false);
        await _parts.DisposeAsync().ConfigureAwait(false);
    }

    private static RpcService[] Services(ServerParts parts, AdmissionDesk desk, ServerHandle handle, RpcServerOptions rpc)
    {
        ServerState state = parts.State!;
        var limits = new LimitBook(desk, state.Options, rpc.MaxStreamsPerConnection);
        var search = SearchService.Over(state, desk, parts.Watch!.Search);
        var handlers = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Collections"] = new CollectionsService(state, search.Runner),
            ["Points"] = new PointsService(state),
            ["Search"] = search,
            ["Rerank"] = new RerankService(state),
            ["Evaluation"] = new EvaluationService(state, search.Runner),
            ["Admin"] = new AdminService(state, handle, parts.Watch, limits, parts.Keys),
        };
        return
        [
            .. Contract.SelectMany(static file => file.Services).Select(service =>
            {
                RpcService served = Serve(service, handlers);
                return service.Name == "Admin" ? served.ServeWhileDraining() : served;
            }),
        ];
    }

    // Whoever starts the process knows files, not collections.
    private static ServerState OpenState(SearchServerOptions options, ReadinessBoard readiness)
    {
        try
        {
            return ServerState.Open(options, readiness);
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
