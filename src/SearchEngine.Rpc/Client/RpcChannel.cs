using System.Diagnostics;
using System.Net;
using Google.Protobuf;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Client;

/// <summary>
/// Calls to one server, over as many connections as they need. Safe for concurrent use; make one and keep it.
/// Statuses other than OK are thrown as <see cref="RpcException"/>, the caller's own cancellation as
/// <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class RpcChannel : IDisposable
{
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(20);

    private readonly Uri _address;
    private readonly RpcChannelOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly SemaphoreSlim _places;
    private readonly Lock _spreadGate = new();
    private readonly Random _spread;

    /// <param name="address"><c>http://host:port</c> for cleartext HTTP/2, <c>https://host:port</c> for TLS.</param>
    /// <param name="options">Validated here.</param>
    public RpcChannel(Uri address, RpcChannelOptions? options = null)
    {
        _address = address;
        _options = options ?? new RpcChannelOptions();
        _options.Validate();
        _places = new SemaphoreSlim(_options.MaxConcurrentCalls);
        _spread = new Random(_options.Seed);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            // Trace headers are set below, from the caller's activity alone.
            ActivityHeadersPropagator = null,
            ConnectTimeout = _options.ConnectTimeout,
            KeepAlivePingDelay = _options.KeepAlive,
            KeepAlivePingTimeout = KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            SslOptions = ClientTls.Build(_options.Tls),
        });
    }

    public async Task<TReply> UnaryAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method, TRequest request, CallOptions? options = null, CancellationToken cancellation = default)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        method.Require("unary", clientStreams: false, serverStreams: false);
        options ??= CallOptions.Default;
        RetryPolicy retry = options.Retry ?? (method.IsIdempotent ? _options.Retry : RetryPolicy.None);
        long start = _options.Time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan? remaining = options.Timeout - _options.Time.GetElapsedTime(start);
            try
            {
                return await AttemptAsync(method, request, options, remaining, attempt, cancellation).ConfigureAwait(false);
            }
            catch (RpcException error) when (retry.DelayAfter(
                error, attempt, options.Timeout - _options.Time.GetElapsedTime(start), NextSpread()) is { } delay)
            {
                await Task.Delay(delay, _options.Time, cancellation).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask<ServerStreamCall<TRequest, TReply>> ServerStreamAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method, TRequest request, CallOptions? options = null, CancellationToken cancellation = default)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        method.Require("server-streaming", clientStreams: false, serverStreams: true);
        return new ServerStreamCall<TRequest, TReply>(await OpenAsync(method, request, options ?? CallOptions.Default, cancellation).ConfigureAwait(false));
    }

    public async ValueTask<ClientStreamCall<TRequest, TReply>> ClientStreamAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method, CallOptions? options = null, CancellationToken cancellation = default)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        method.Require("client-streaming", clientStreams: true, serverStreams: false);
        return new ClientStreamCall<TRequest, TReply>(await OpenAsync(method, null, options ?? CallOptions.Default, cancellation).ConfigureAwait(false));
    }

    public async ValueTask<DuplexCall<TRequest, TReply>> DuplexAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method, CallOptions? options = null, CancellationToken cancellation = default)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        method.Require("bidirectional", clientStreams: true, serverStreams: true);
        return new DuplexCall<TRequest, TReply>(await OpenAsync(method, null, options ?? CallOptions.Default, cancellation).ConfigureAwait(false));
    }

    public void Dispose()
    {
        _http.Dispose();
        _places.Dispose();
    }

    private async Task<TReply> AttemptAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method, TRequest request, CallOptions options, TimeSpan? remaining, int attempt, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        await using ChannelLease<TRequest, TReply> lease =
            await OpenAsync(method, request, options with { Timeout = remaining }, cancellation).ConfigureAwait(false);
        try
        {
            return await lease.Call.ReadOnlyAsync().ConfigureAwait(false);
        }
        finally
        {
            if (options.Record is { } record)
            {
                record.Headers = lease.Call.Headers;
                record.Trailers = lease.Call.Trailers;
                record.Attempts = attempt;
            }
        }
    }

    /// <summary>Starts a call; without a request its messages are written afterwards.</summary>
    private async ValueTask<ChannelLease<TRequest, TReply>> OpenAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method, TRequest? request, CallOptions options, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        var deadline = new CallDeadline(options.Timeout, _options.Time, cancellation);
        long start = _options.Time.GetTimestamp();
        try
        {
            await _places.WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException waited)
        {
            Exception explained = deadline.Explain(waited)!;
            deadline.Dispose();
            throw explained;
        }
        MessageCompression compression = options.Compression == MessageCompression.Inherit ? _options.Compression : options.Compression;
        try
        {
            HttpRequestMessage http = BuildRequest(method.Path, options, options.Timeout - _options.Time.GetElapsedTime(start), compression);
            http.Content = request is null
                ? new FrameContent(compression, _options.MaxRequestBytes)
                : new SingleFrameContent(request, compression, _options.MaxRequestBytes);
            return new ChannelLease<TRequest, TReply>(new ClientCall<TRequest, TReply>(_http, http, method, _options.MaxReplyBytes, deadline), _places);
        }
        catch
        {
            _places.Release();
            deadline.Dispose();
            throw;
        }
    }

    private HttpRequestMessage BuildRequest(string path, CallOptions options, TimeSpan? remaining, MessageCompression compression)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        // The handler checks the server's certificate against this name and ignores SslOptions.TargetHost.
        request.Headers.Host = _options.Tls.ServerName;
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("user-agent", "searchengine-rpc/1");
        request.Headers.TryAddWithoutValidation(Gzip.AcceptHeader, Gzip.Accepted);
        if (compression == MessageCompression.Gzip) request.Headers.TryAddWithoutValidation(Gzip.EncodingHeader, Gzip.Name);
        if (remaining is { } time) request.Headers.TryAddWithoutValidation(GrpcTimeout.HeaderName, GrpcTimeout.Format(time));
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } trace)
        {
            request.Headers.TryAddWithoutValidation("traceparent", trace.Id);
            if (trace.TraceStateString is { } state) request.Headers.TryAddWithoutValidation("tracestate", state);
        }
        foreach (MetadataEntry entry in (_options.Headers ?? []).Concat(options.Headers ?? []))
        {
            // The handler joins values of one name with a comma, and some servers cannot split binary ones again.
            if (entry.IsBinary && request.Headers.Contains(entry.Key))
            {
                throw new ArgumentException($"Metadata '{entry.Key}' has two binary values; a call can carry one.", nameof(options));
            }
            request.Headers.TryAddWithoutValidation(entry.Key, Metadata.HeaderValue(entry));
        }
        return request;
    }

    private double NextSpread()
    {
        lock (_spreadGate) return _spread.NextDouble();
    }
}
