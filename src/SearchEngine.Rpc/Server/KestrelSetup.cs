using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace SearchEngine.Rpc.Server;

/// <summary>Kestrel as gRPC needs it. Each setting undoes a default that breaks calls or whole connections.</summary>
internal static class KestrelSetup
{
    /// <summary>Beyond this Kestrel ends the connection with all its calls; below it our own limit refuses the one call.</summary>
    public const int HardMetadataBytes = 256 * 1024;

    private const int MaxHeaderCount = 1_000;

    // Kestrel's 1 MiB holds what one stream and a bit (768 KiB each) may send unread: two uploads that wait for their handlers
    // then stop every other call of the connection (measured 2026-11-21). This takes twenty-one.
    private const int ConnectionWindow = 16 * 1024 * 1024;
    // Kestrel tracks twice the streams it allows, refuses the rest, and hangs up on a client that was refused five times this number
    // within five seconds: a guard against floods of resets. Its 20 is less than what one client gives up at once that has 256 calls
    // with short deadlines at a server that stands still for a moment, and all its calls go with the connection (2026-11-26).
    private const string MaxRefusedStreamsName = "Microsoft.AspNetCore.Server.Kestrel.Http2.MaxEnhanceYourCalmCount";
    private const int MaxRefusedStreams = 2_000;

    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(20);

    public static void Apply(KestrelServerOptions kestrel, RpcServerOptions options, CertificateSource? certificates)
    {
        // Of the process, read when the first connection comes; whoever runs it may have chosen another one.
        if (AppContext.GetData(MaxRefusedStreamsName) is null) AppContext.SetData(MaxRefusedStreamsName, MaxRefusedStreams);
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        // Rates measured over a stream would end the connection of a client that merely has nothing to say.
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        // Counts the sum of a stream's messages; each message has its own limit.
        limits.MaxRequestBodySize = null;
        limits.MaxRequestHeadersTotalSize = HardMetadataBytes;
        limits.MaxRequestHeaderCount = MaxHeaderCount;
        limits.Http2.MaxRequestHeaderFieldSize = HardMetadataBytes;
        limits.Http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;
        limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
        limits.Http2.KeepAlivePingDelay = options.KeepAlive;
        limits.Http2.KeepAlivePingTimeout = KeepAliveTimeout;
        kestrel.Listen(options.Listen, listen =>
        {
            // Cleartext cannot negotiate, so a port that also spoke HTTP/1.1 would not understand a gRPC client's first bytes.
            listen.Protocols = HttpProtocols.Http2;
            if (certificates is not null) listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = certificates.OnConnectionAsync });
        });
    }
}
