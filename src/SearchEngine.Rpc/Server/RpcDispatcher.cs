using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Server;

/// <summary>From an HTTP/2 request to the pipeline of the method it names; answers whatever is not a call that can be served.</summary>
internal sealed class RpcDispatcher : IDisposable
{
    private const string ContentType = "application/grpc";

    private readonly FrozenDictionary<string, ServerMethod> _methods;
    private readonly FrozenDictionary<string, RpcService> _services;
    private readonly RpcServerOptions _options;
    private readonly CallMetrics _metrics;
    private volatile Admission _admission;

    public RpcDispatcher(RpcServerOptions options, IReadOnlyList<RpcService> services, ILogger log)
    {
        _options = options;
        Active = new ActiveCalls(options.MaxConcurrentCalls);
        _metrics = new CallMetrics(options.MeterScope, services.SelectMany(service => service.Methods), Active);
        IInterceptor[] pipeline =
            [new TelemetryInterceptor(_metrics), new ErrorInterceptor(log), new LimitInterceptor(options), .. options.Interceptors];
        foreach (ServerMethod method in services.SelectMany(service => service.Methods))
        {
            method.ErrorDomain = options.ErrorDomain;
            method.Pipeline = pipeline.Reverse().Aggregate(method.Handler ?? (_ => throw NotServed(method)), Around);
        }
        _methods = services.SelectMany(service => service.Methods).ToFrozenDictionary(method => method.Path, StringComparer.Ordinal);
        _services = services.ToFrozenDictionary(service => service.Name, StringComparer.Ordinal);
    }

    public ActiveCalls Active { get; }

    /// <summary>Which new calls are taken; the others are refused with UNAVAILABLE.</summary>
    public Admission Admission
    {
        get => _admission;
        set => _admission = value;
    }

    public void Dispose() => _metrics.Dispose();

    public Task InvokeAsync(HttpContext http)
    {
        if (!IsGrpc(http)) return Task.CompletedTask;
        http.Response.ContentType = ContentType;
        if (!_methods.TryGetValue(http.Request.Path.Value!, out ServerMethod? method)) return Refuse(http, Unknown(http.Request.Path.Value!));
        if (http.Request.Headers.GrpcEncoding is { Count: > 0 } encoding)
        {
            // Told to those who compress. Kestrel does not know the name as a response header: for all it would cost 2 % of a call.
            http.Response.Headers.GrpcAcceptEncoding = Gzip.Accepted;
            if (UnsupportedEncoding(encoding) is { } unsupported) return Refuse(http, unsupported);
        }
        CallClock clock = CallClock.Unlimited;
        StringValues timeout = http.Request.Headers.GrpcTimeout;
        if (timeout.Count > 0)
        {
            if (!GrpcTimeout.TryParse(timeout.ToString(), out TimeSpan allowed)) return Refuse(http, BadTimeout(timeout.ToString()));
            // Work that cannot be in time is not begun.
            if (allowed == TimeSpan.Zero) return Refuse(http, CallEnds.ToError(CallEnd.Deadline));
            clock = new CallClock(_options.Time, allowed);
        }
        return ServeAsync(http, new ServerCall(http, method, clock), clock);
    }

    private Task ServeAsync(HttpContext http, ServerCall call, CallClock clock)
    {
        call.IsBeyondLimit = !Active.TryAdd(call);
        // Asked only now: a call that joins after the drain has counted would be neither waited for nor ended.
        if (_admission == Admission.None || (_admission == Admission.WhileDraining && !call.Method.IsServedWhileDraining))
        {
            Active.Remove(call);
            return Refuse(http, CallEnds.Draining());
        }
        ITimer? deadline = clock.Arm(call);
        ValueTask serving = call.Method.Pipeline!(call);
        if (!serving.IsCompletedSuccessfully || deadline is not null || call.IsWatched) return WatchAsync(call, serving, deadline);
        // Most unary calls are over by now, and keep no state machine.
        Active.Remove(call);
        return Task.CompletedTask;
    }

    private async Task WatchAsync(ServerCall call, ValueTask serving, ITimer? deadline)
    {
        try
        {
            await serving.ConfigureAwait(false);
        }
        finally
        {
            if (deadline is not null) await deadline.DisposeAsync().ConfigureAwait(false);
            await call.ReleaseAsync().ConfigureAwait(false);
            Active.Remove(call);
        }
    }

    private static CallDelegate Around(CallDelegate inner, IInterceptor interceptor) => call => interceptor.InvokeAsync(call, inner);

    private static bool IsGrpc(HttpContext http)
    {
        HttpRequest request = http.Request;
        if (!HttpProtocol.IsHttp2(request.Protocol)) http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
        else if (!HttpMethods.IsPost(request.Method)) http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        else if (!IsGrpcContent(request.ContentType)) http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        else return true;
        return false;
    }

    /// <summary><c>application/grpc</c>, alone or with <c>+proto</c> or parameters; <c>application/grpc-web</c> is another protocol.</summary>
    private static bool IsGrpcContent(string? contentType)
    {
        if (string.Equals(contentType, ContentType, StringComparison.Ordinal)) return true;
        if (contentType is null || !contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)) return false;
        ReadOnlySpan<char> rest = contentType.AsSpan(ContentType.Length);
        return rest.IsEmpty || rest[0] is ';' or ' ' || rest.StartsWith("+proto", StringComparison.OrdinalIgnoreCase);
    }

    private Task Refuse(HttpContext http, RpcException error)
    {
        StatusTrailers.Write(http.Response.Headers, error, _options.ErrorDomain, null);
        return Task.CompletedTask;
    }

    private RpcException Unknown(string path)
    {
        int slash = path.LastIndexOf('/');
        string service = slash > 0 ? path[1..slash] : path;
        return _services.ContainsKey(service)
            ? new RpcException(StatusCode.Unimplemented, $"{service} has no method '{path[(slash + 1)..]}'.", RpcReasons.MethodUnknown)
                .With("fix", "Compare client and server: the contract of one of them is older.")
            : new RpcException(StatusCode.Unimplemented, $"No service '{service}' here; this server has {string.Join(", ", ServedNames())}.",
                RpcReasons.ServiceUnknown).With("fix", "Ask the server that has the service.");
    }

    private IEnumerable<string> ServedNames() =>
        _services.Values.Where(service => service.IsServed).Select(service => service.Name).Order(StringComparer.Ordinal);

    private static RpcException NotServed(ServerMethod method) =>
        new RpcException(StatusCode.Unimplemented, $"{method.Path} is part of the contract, but this server does not serve it.", RpcReasons.MethodNotServed)
            .With("fix", "Reflection lists what is served.");

    private static RpcException BadTimeout(string timeout) =>
        new RpcException(StatusCode.Internal, $"'{timeout}' is no {GrpcTimeout.HeaderName}.", RpcReasons.TimeoutMalformed)
            .With("fix", "Write one to eight digits and one of H, M, S, m, u, n.");

    private static RpcException? UnsupportedEncoding(StringValues encoding)
    {
        if (HttpMetadata.IsGzip(encoding)) return null;
        if (string.Equals(encoding.ToString(), Gzip.Identity, StringComparison.OrdinalIgnoreCase)) return null;
        return new RpcException(StatusCode.Unimplemented,
                $"Requests compressed with '{encoding}' cannot be read; {Gzip.AcceptHeader} names what can.", RpcReasons.EncodingUnsupported)
            .With("fix", "Compress with gzip, or not at all.");
    }
}
