using System.Net;
using SearchEngine.Rpc.Health;

namespace SearchEngine.Rpc.Server;

/// <summary>How a server listens and what it allows.</summary>
public sealed record RpcServerOptions
{
    // Clients may open 100 streams before the server's settings reach them (RFC 9113, 6.5.2 asks for no less). Kestrel keeps
    // track of twice its limit of refused streams; data on one it has forgotten ends the connection (seen with a limit of 4).
    private const int MinStreamsPerConnection = 100;

    /// <summary>Where to listen; port 0 takes a free one (see <see cref="RpcServer.EndPoint"/>). Default 127.0.0.1, free port.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Null serves cleartext HTTP/2.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>ErrorInfo.domain of every error that does not name its own.</summary>
    public string ErrorDomain { get; init; } = "searchengine.v1";

    /// <summary>Calls in progress over all connections; one more is refused with UNAVAILABLE. Default 10,000.</summary>
    public int MaxConcurrentCalls { get; init; } = 10_000;

    /// <summary>Calls in progress on one connection; further ones wait at the client. Default 256.</summary>
    public int MaxStreamsPerConnection { get; init; } = 256;

    /// <summary>Metadata of one call, counted as HTTP/2 counts it. Default 16 KiB.</summary>
    public int MaxMetadataBytes { get; init; } = 16 * 1024;

    /// <summary>How long calls in progress may go on after shutdown has begun. Default 5 s.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A ping is sent on a connection that has been silent for this long; one left unanswered for 20 s ends it. Default 30 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Run for every call in this order, inside telemetry, error mapping and limits.</summary>
    public IReadOnlyList<IInterceptor> Interceptors { get; init; } = [];

    /// <summary>What health checks report. Share one to keep a server NOT_SERVING until it is ready.</summary>
    public HealthBoard Health { get; init; } = new();

    /// <summary>Scope of the server's meters: a reader of metrics tells servers of one process apart by it.</summary>
    public object? MeterScope { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public void Validate()
    {
        if (MaxConcurrentCalls < 1) throw Invalid(nameof(MaxConcurrentCalls), "fewer than 1 refuses every call");
        if (MaxStreamsPerConnection < MinStreamsPerConnection)
        {
            throw Invalid(nameof(MaxStreamsPerConnection),
                $"below {MinStreamsPerConnection} clients that start before they know the limit lose the connection with all its calls");
        }
        if (MaxMetadataBytes is < 1024 or > KestrelSetup.HardMetadataBytes)
        {
            throw Invalid(nameof(MaxMetadataBytes),
                $"below 1 KiB ordinary calls fail, above {KestrelSetup.HardMetadataBytes} the connection is lost before the call can be refused");
        }
        if (DrainTime < TimeSpan.Zero) throw Invalid(nameof(DrainTime), "a negative time cannot be waited");
        if (KeepAlive < TimeSpan.FromSeconds(1)) throw Invalid(nameof(KeepAlive), "pinging more than once a second floods idle connections");
        Tls?.Validate();
    }

    private static ArgumentOutOfRangeException Invalid(string name, string consequence) => new(name, $"{name}: {consequence}.");
}
