using System.IO.Pipelines;
using System.Net;
using Google.Protobuf;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Client;

/// <summary>One attempt of a call: sends, reads, and turns whatever happens into a status. One reader and one writer at a time.</summary>
internal sealed class ClientCall<TRequest, TReply> : IAsyncDisposable
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    private readonly RpcMethod<TRequest, TReply> _method;
    private readonly CallDeadline _deadline;
    private readonly HttpRequestMessage _request;
    private readonly FrameContent? _stream;
    private readonly int _maxReplyBytes;
    private readonly Task<HttpResponseMessage> _response;
    private PipeReader? _body;
    private FrameReader? _frames;

    public ClientCall(
        HttpMessageInvoker http, HttpRequestMessage request, RpcMethod<TRequest, TReply> method, int maxReplyBytes, CallDeadline deadline)
    {
        _method = method;
        _maxReplyBytes = maxReplyBytes;
        _deadline = deadline;
        _request = request;
        _stream = request.Content as FrameContent;
        _response = http.SendAsync(request, deadline.Token);
        // A writer must not wait for the stream of a call that has failed.
        _ = _response.ContinueWith(static (_, stream) => ((FrameContent?)stream)?.Abandon(), _stream,
            CancellationToken.None, TaskContinuationOptions.NotOnRanToCompletion, TaskScheduler.Default);
    }

    public Metadata Headers { get; private set; } = new();

    public Metadata Trailers { get; private set; } = new();

    /// <summary>Sends one message of a streaming request.</summary>
    /// <exception cref="RequestsClosedException">The server takes no more; what it answered says why.</exception>
    public async ValueTask WriteAsync(TRequest message, MessageCompression compression)
    {
        try
        {
            await _stream!.WriteAsync(message, compression, _deadline.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw _deadline.Explain(failure) is { } explained and not RpcException { Code: StatusCode.Cancelled }
                ? explained
                : new RequestsClosedException(failure);
        }
    }

    public void CompleteRequests() => _stream!.Complete();

    /// <summary>The reply headers, as soon as they are there.</summary>
    public async ValueTask<Metadata> ReadHeadersAsync()
    {
        await OpenAsync().ConfigureAwait(false);
        return Headers;
    }

    /// <summary>The next reply, or null once the call has ended with OK; every other status is thrown.</summary>
    public async ValueTask<TReply?> ReadAsync()
    {
        try
        {
            FrameReader frames = await OpenAsync().ConfigureAwait(false);
            if (await frames.ReadAsync(_deadline.Token).ConfigureAwait(false) is { } frame)
            {
                using (frame) return _method.Parser.ParseFrom(frame.Span);
            }
            HttpResponseMessage response = await _response.ConfigureAwait(false);
            ThrowUnlessOk(response, response.TrailingHeaders.Contains(StatusFields.Status) ? response.TrailingHeaders : response.Headers);
            return null;
        }
        catch (InvalidProtocolBufferException malformed)
        {
            throw FrameErrors.Malformed($"The reply is not a {_method.Descriptor.OutputType.FullName}: {malformed.Message}");
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Translate(failure);
        }
    }

    /// <summary>Exactly one reply, and OK behind it.</summary>
    public async ValueTask<TReply> ReadOnlyAsync()
    {
        TReply reply = await ReadAsync().ConfigureAwait(false) ?? throw FrameErrors.NotOneMessage("reply", "none came");
        if (await ReadAsync().ConfigureAwait(false) is not null) throw FrameErrors.NotOneMessage("reply", "a second one came");
        return reply;
    }

    public async ValueTask DisposeAsync()
    {
        // Cancelling a finished call does nothing; cancelling an open one resets its stream.
        _deadline.Cancel();
        _stream?.Abandon();
        if (_body is not null) await _body.CompleteAsync().ConfigureAwait(false);
        if (_response.IsCompletedSuccessfully) (await _response.ConfigureAwait(false)).Dispose();
        _request.Dispose();
        _deadline.Dispose();
    }

    private async ValueTask<FrameReader> OpenAsync()
    {
        if (_frames is not null) return _frames;
        HttpResponseMessage response;
        try
        {
            response = await _response.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            throw Translate(failure);
        }
        Headers = ReplyStatus.ReadMetadata(response.Headers);
        if (response.StatusCode != HttpStatusCode.OK) throw HttpErrors.FromStatus(response.StatusCode);
        if (response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new RpcException(StatusCode.Unknown, $"The peer answered with the content type '{response.Content.Headers.ContentType}', not gRPC.");
        }
        // Trailers-only: the headers already hold the status, and there is no body.
        if (response.Headers.Contains(StatusFields.Status)) ThrowUnlessOk(response, response.Headers);
        bool gzip = response.Headers.TryGetValues(Gzip.EncodingHeader, out IEnumerable<string>? encoding)
            && string.Equals(encoding.First(), Gzip.Name, StringComparison.OrdinalIgnoreCase);
        Stream stream = await response.Content.ReadAsStreamAsync(_deadline.Token).ConfigureAwait(false);
        _body = PipeReader.Create(stream);
        return _frames = new FrameReader(_body, _maxReplyBytes, gzip, "reply");
    }

    private void ThrowUnlessOk(HttpResponseMessage response, System.Net.Http.Headers.HttpHeaders status)
    {
        Trailers = ReplyStatus.ReadMetadata(status);
        if (ReplyStatus.Read(status, response.StatusCode) is { } error) throw error;
    }

    private Exception Translate(Exception failure) => _deadline.Explain(failure) ?? HttpErrors.FromException(failure);
}
