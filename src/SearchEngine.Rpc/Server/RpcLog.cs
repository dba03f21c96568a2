using Microsoft.Extensions.Logging;

namespace SearchEngine.Rpc.Server;

/// <summary>Every message the server side logs. Event ids are stable; values never hold metadata or messages.</summary>
internal static partial class RpcLog
{
    [LoggerMessage(1, LogLevel.Error, "{Method} failed with an exception that is not an RpcException; the client was told INTERNAL and incident {Incident}.")]
    public static partial void HandlerFault(ILogger log, Exception fault, string method, string incident);

    [LoggerMessage(2, LogLevel.Information, "Draining: {Calls} calls in progress have {Seconds} s to end.")]
    public static partial void DrainBegins(ILogger log, int calls, double seconds);

    [LoggerMessage(3, LogLevel.Warning, "Drain time is over: {Calls} calls were ended with UNAVAILABLE.")]
    public static partial void DrainEnds(ILogger log, int calls);

    [LoggerMessage(4, LogLevel.Information, "Certificate loaded: {Subject}, valid until {NotAfter}.")]
    public static partial void CertificatesLoaded(ILogger log, string subject, DateTime notAfter);

    [LoggerMessage(5, LogLevel.Error, "The certificate files have changed but cannot be read; the previous ones stay in use.")]
    public static partial void CertificatesUnreadable(ILogger log, Exception cause);
}
