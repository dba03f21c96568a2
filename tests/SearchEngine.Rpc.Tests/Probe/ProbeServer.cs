using Microsoft.Extensions.Logging;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Rpc.Tests.Probe;

/// <summary>The probe service on a free port of the loopback interface, with everything it logged.</summary>
internal sealed class ProbeServer : IAsyncDisposable
{
    private ProbeServer(RpcServer server, ProbeHandlers handlers, CollectedLog log)
    {
        Server = server;
        Handlers = handlers;
        Log = log;
    }

    public RpcServer Server { get; }

    public ProbeHandlers Handlers { get; }

    /// <summary>What the server and the web host logged from Warning up.</summary>
    public CollectedLog Log { get; }

    public int Port => Server.EndPoint.Port;

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Calls the server still holds.</summary>
    public int ActiveCalls => Server.ActiveCallCount;

    /// <param name="options">Null for the defaults.</param>
    /// <param name="limits">Message limits for every method; null for the defaults.</param>
    public static async Task<ProbeServer> StartAsync(RpcServerOptions? options = null, MessageLimits? limits = null)
    {
        var handlers = new ProbeHandlers();
        RpcService service = RpcService.Bind(ProbeMethods.Service, handlers);
        if (limits is not null)
        {
            foreach (ServerMethod method in service.Methods) service.Limit(method.Descriptor.Name, limits);
        }
        var log = new CollectedLog();
        options ??= new RpcServerOptions();
        // Meters without a scope show in every collector of the process, so also in those of tests that run beside this one.
        RpcServer server = await RpcServer.StartAsync(options with { MeterScope = options.MeterScope ?? new object() }, [service],
            logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(log));
        return new ProbeServer(server, handlers, log);
    }

    public RpcChannel Connect(RpcChannelOptions? options = null) => new(Address, options);

    /// <summary>Waits until the server holds <paramref name="count"/> calls; the caller's deadline is the only clock.</summary>
    public async Task ActiveCallsBecomeAsync(int count, CancellationToken cancellation)
    {
        while (ActiveCalls != count) await Task.Delay(2, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Handlers.OpenGate();
        await Server.DisposeAsync();
        Log.Dispose();
    }
}
