using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Server;

/// <summary>
/// What a handler knows of the call it serves. The transport may end the call at any time (deadline, drain, client gone):
/// then <see cref="Cancellation"/> is set and writes throw. Reads and writes of one call come from one flow at a time.
/// </summary>
public sealed class ServerCall
{
    private const int Http2Cancel = 0x8;

    // Kestrel's MaxResponseBufferSize: less than this leaves with the end of the call at no cost.
    private const int LargeReply = 64 * 1024;

    // A client that does not take its status within this time after the call has ended is reset.
    private static readonly TimeSpan StatusGrace = TimeSpan.FromSeconds(1);

    private readonly HttpContext _http;
    private readonly CallClock _clock;
    private readonly bool _peerAcceptsGzip;

    // Guards everything below and every touch of the response: a deadline may end the call while the handler writes.
    private readonly Lock _gate = new();
    private CancellationTokenSource? _cancellation;
    private CancellationTokenRegistration _onClientGone;
    private Metadata? _requestHeaders;
    private Metadata? _replyHeaders;
    private Metadata? _replyTrailers;
    private Task<FlushResult>? _pendingFlush;
    private IMessage? _rented;
    private Action<object>? _returnRented;
    private Task? _statusSent;
    private volatile CallEnd _end;
    private long _unflushedBytes;
    private bool _replyStarted;
    private bool _gzipDeclared;

    internal ServerCall(HttpContext http, ServerMethod method, CallClock clock)
    {
        _http = http;
        _clock = clock;
        Method = method;
        _peerAcceptsGzip = Gzip.IsAcceptedBy(http.Request.Headers.GrpcAcceptEncoding);
    }

    public ServerMethod Method { get; }

    /// <summary>Set when the client went away, the deadline passed or the server drained. Handlers pass it on and stop soon.</summary>
    public CancellationToken Cancellation
    {
        get
        {
            lock (_gate)
            {
                // Made on demand: a unary call that never waits pays nothing for it.
                if (_cancellation is null)
                {
                    _cancellation = new CancellationTokenSource();
                    if (_end is not (CallEnd.None or CallEnd.Served)) _cancellation.Cancel();
                    _onClientGone = _http.RequestAborted.UnsafeRegister(
                        static call => ((ServerCall)call!).End(CallEnd.ClientGone), this);
                }
                return _cancellation.Token;
            }
        }
    }

    /// <summary>Time left before the deadline; null when the client set none. Never negative.</summary>
    public TimeSpan? Remaining => _clock.Remaining;

    public Metadata RequestHeaders => _requestHeaders ??= HttpMetadata.Read(_http.Request.Headers);

    /// <summary>Sent before the first reply message; what is added after that is lost.</summary>
    public Metadata ReplyHeaders => _replyHeaders ??= new Metadata();

    /// <summary>Sent with the status, whatever the status is.</summary>
    public Metadata ReplyTrailers => _replyTrailers ??= new Metadata();

    /// <summary>How the replies of this call are compressed unless a write says otherwise. Set it before the first reply.</summary>
    public MessageCompression Compression { get; set; } = MessageCompression.None;

    /// <summary>Whether the request message read last came compressed.</summary>
    public bool RequestWasCompressed { get; internal set; }

    /// <summary>Who calls, as an authentication interceptor found out; null when nobody asked.</summary>
    public object? Principal { get; set; }

    /// <summary>What an interceptor wants handlers to tell it about the call; null when none does.</summary>
    public object? Notes { get; set; }

    /// <summary>The credentials the call carries, as they came; null for none.</summary>
    public string? Authorization => _http.Request.Headers.Authorization;

    public EndPoint? Peer =>
        _http.Connection.RemoteIpAddress is { } address ? new IPEndPoint(address, _http.Connection.RemotePort) : null;

    public X509Certificate2? ClientCertificate => _http.Connection.ClientCertificate;

    /// <summary>Meaningful once the call has ended.</summary>
    internal StatusCode Status { get; private set; }

    /// <summary>True once the transport ended the call, or the client is known to have gone.</summary>
    internal bool IsOver
    {
        get
        {
            lock (_gate)
            {
                return _end is not (CallEnd.None or CallEnd.Served) || _http.RequestAborted.IsCancellationRequested;
            }
        }
    }

    /// <summary>The server has more calls in progress than it takes; <see cref="LimitInterceptor"/> refuses this one.</summary>
    internal bool IsBeyondLimit { get; set; }

    internal long MetadataBytes => HttpMetadata.HasOwn(_http.Request.Headers) ? HttpMetadata.Size(_http.Request.Headers) : 0;

    /// <exception cref="RpcException">METADATA_MALFORMED, also where no handler would ever look: a caller must not learn only later, from
    /// another version, that what it sends cannot be read.</exception>
    internal void CheckBinaryMetadata()
    {
        if (HttpMetadata.HasBinary(_http.Request.Headers)) _requestHeaders ??= HttpMetadata.Read(_http.Request.Headers);
    }

    // Read apart from the metadata: one malformed entry there must not end the call outside of the error mapping.
    internal string? TraceParent => _http.Request.Headers.TraceParent;

    internal string? TraceState => _http.Request.Headers.TraceState;

    internal PipeReader RequestBody => _http.Request.BodyReader;

    internal bool RequestIsGzip => HttpMetadata.IsGzip(_http.Request.Headers.GrpcEncoding);

    // The links of the list the call is in; ActiveCalls and CallList alone touch them.
    internal CallList? List { get; set; }

    internal ServerCall? Next { get; set; }

    internal ServerCall? Previous { get; set; }

    /// <summary>
    /// A reply that an earlier call may have used, for a unary handler that returns it: it goes back once it is on the wire.
    /// It holds what that call left in it; set every field.
    /// </summary>
    public TReply RentReply<TReply>()
        where TReply : class, IMessage<TReply>, new()
    {
        TReply reply = ReplyPool<TReply>.Rent();
        _rented = reply;
        _returnRented = ReplyPool<TReply>.Return;
        return reply;
    }

    /// <summary>
    /// Ends the call with this error instead of a reply, once its unary handler has returned what this returns. As throwing it would, at a tenth
    /// of the price: for refusals that a crowded server makes thousands of times a second.
    /// </summary>
    public TReply Refuse<TReply>(RpcException error)
        where TReply : class, IMessage<TReply>
    {
        Refusal = error;
        return null!;
    }

    /// <summary>What its handler ended the call with by <see cref="Refuse"/>; null for none.</summary>
    public RpcException? Refusal { get; private set; }

    /// <summary>Sends the reply headers now, so that the client sees them before the first message.</summary>
    public ValueTask SendHeadersAsync()
    {
        lock (_gate)
        {
            ThrowIfEnded();
            StartReply(MessageCompression.Inherit);
        }
        // Kestrel's StartAsync keeps the headers in its buffer over HTTP/2; a flush of nothing sends them.
        return FlushAsync();
    }

    /// <summary>Puts a message into the reply; <see cref="FlushAsync"/> or the end of the call sends it.</summary>
    internal void Write(IMessage message, MessageCompression compression)
    {
        lock (_gate)
        {
            ThrowIfEnded();
            StartReply(compression);
            if (compression == MessageCompression.Inherit) compression = Compression;
            if (!_gzipDeclared) compression = MessageCompression.None;
            int size = FrameWriter.Write(_http.Response.BodyWriter, message, compression, Method.Limits.MaxReplyBytes, "reply");
            _unflushedBytes += size;
            Method.Tally.ReplyBytes.Add(size);
        }
    }

    /// <summary>Puts the only reply of a call into the reply, and takes it back if it was rented.</summary>
    internal void WriteOnly(IMessage reply)
    {
        Write(reply, MessageCompression.Inherit);
        if (ReferenceEquals(reply, _rented)) _returnRented!(reply);
    }

    internal ValueTask FlushAsync()
    {
        FlushResult flushed;
        lock (_gate)
        {
            ThrowIfEnded();
            _unflushedBytes = 0;
            // Never cancelled: Kestrel resets the stream of a cancelled flush (INTERNAL_ERROR), and the client would not see
            // the status that ended the call. It is only no longer waited for.
            ValueTask<FlushResult> flush = _http.Response.BodyWriter.FlushAsync(CancellationToken.None);
            if (!flush.IsCompletedSuccessfully) return WaitAsync(_pendingFlush = flush.AsTask());
            flushed = flush.Result;
        }
        return flushed.IsCompleted ? throw ClientHasGone(null) : ValueTask.CompletedTask;
    }

    private async ValueTask WaitAsync(Task<FlushResult> flush)
    {
        FlushResult flushed = await flush.WaitAsync(Cancellation).ConfigureAwait(false);
        // Kestrel swallows writes after the client has gone; this is the only sign of it.
        if (flushed.IsCompleted) throw ClientHasGone(null);
    }

    /// <summary>Kestrel found the client gone; it may say so before its own token does.</summary>
    internal OperationCanceledException ClientHasGone(Exception? sign)
    {
        End(CallEnd.ClientGone);
        return new OperationCanceledException("The client has gone.", sign, Cancellation);
    }

    /// <summary>
    /// Replies wait that are larger than Kestrel's own buffer. Until the client takes them the call is in progress, so that its
    /// deadline, a drain and the limit of calls apply to what it holds.
    /// </summary>
    internal bool HasLargeReply => _unflushedBytes > LargeReply;

    internal async ValueTask DeliverAsync()
    {
        // Kestrel's first flush of a response waits for its headers only; the second one waits for what stands behind them.
        await FlushAsync().ConfigureAwait(false);
        await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>The handler's own end of the call: OK, or the error it threw. Without effect when the transport was first.</summary>
    internal void Finish(RpcException? error)
    {
        if (error is null && _clock.Remaining == TimeSpan.Zero) error = CallEnds.ToError(CallEnd.Deadline, _clock.Elapsed);
        // No lock: the handler's flow writes no more, and whoever ends the call from outside has to win this first.
        if (TryEnd(CallEnd.Served)) WriteStatus(error);
    }

    /// <summary>Ends the call from outside the handler, which learns of it through <see cref="Cancellation"/>.</summary>
    internal void End(CallEnd cause)
    {
        CancellationTokenSource? cancellation;
        lock (_gate)
        {
            if (!TryEnd(cause)) return;
            if (cause == CallEnd.ClientGone)
            {
                Status = StatusCode.Cancelled;
            }
            else
            {
                WriteStatus(CallEnds.ToError(cause, _clock.Elapsed));
                // The handler may be busy; the client need not wait until it notices.
                _statusSent = SendStatusAsync();
            }
            cancellation = _cancellation;
        }
        cancellation?.Cancel();
    }

    /// <summary>False for a call that its handler ended and that nothing but its handler ever looked at: it needs no release.</summary>
    internal bool IsWatched => _end != CallEnd.Served || _cancellation is not null;

    /// <summary>Called once the handler has returned; the response must not be touched afterwards.</summary>
    internal async ValueTask ReleaseAsync()
    {
        lock (_gate)
        {
            // A drain that still holds this call must not touch a response that may serve another one by now.
            TryEnd(CallEnd.ClientGone);
        }
        if (_statusSent is not null) await _statusSent.ConfigureAwait(false);
        // The source itself is left to the collector: a drain may be about to cancel it, and it owns nothing.
        await _onClientGone.DisposeAsync().ConfigureAwait(false);
    }

    private async Task SendStatusAsync()
    {
        // Off the caller's thread: a timer has other calls to end.
        await Task.Yield();
        try
        {
            Task completed;
            // Kestrel's response is not made for a flush and its own end at the same time.
            lock (_gate) completed = _http.Response.CompleteAsync();
            await completed.ConfigureAwait(false);
            // Completing does not wait for the client. A flush that still waits tells that the client has stopped reading.
            if (_pendingFlush is { } pending) await pending.WaitAsync(StatusGrace).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _http.Features.Get<IHttpResetFeature>()?.Reset(Http2Cancel);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The connection went away while the status was on its way: there is nobody left to tell.
        }
    }

    private bool TryEnd(CallEnd cause) => Interlocked.CompareExchange(ref _end, cause, CallEnd.None) == CallEnd.None;

    private void ThrowIfEnded()
    {
        if (_end != CallEnd.None) throw new OperationCanceledException($"The call has ended ({_end}); nothing more can be sent.");
    }

    private void StartReply(MessageCompression first)
    {
        if (_replyStarted) return;
        _replyStarted = true;
        IHeaderDictionary headers = _http.Response.Headers;
        _gzipDeclared = _peerAcceptsGzip && (Compression == MessageCompression.Gzip || first == MessageCompression.Gzip);
        if (_gzipDeclared) headers.GrpcEncoding = Gzip.Name;
        HttpMetadata.Write(headers, _replyHeaders);
    }

    private void WriteStatus(RpcException? error)
    {
        Status = error?.Code ?? StatusCode.Ok;
        if (_replyStarted || error is null)
        {
            if (!_replyStarted) StartReply(MessageCompression.None);
            StatusTrailers.Write(_http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers, error, Method.ErrorDomain, _replyTrailers);
        }
        else
        {
            // Trailers-only: one HEADERS frame is the whole reply.
            HttpMetadata.Write(_http.Response.Headers, _replyHeaders);
            StatusTrailers.Write(_http.Response.Headers, error, Method.ErrorDomain, _replyTrailers);
        }
    }
}
