using System.Runtime.CompilerServices;
using Google.Protobuf;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Server;

/// <summary>The messages a client streams, in order; one reader at a time. Each message owns its bytes.</summary>
public sealed class RequestStream<T>
    where T : class, IMessage<T>
{
    private readonly FrameReader _frames;
    private readonly MessageParser<T> _parser;
    private readonly ServerCall _call;

    internal RequestStream(ServerCall call, MessageParser<T> parser)
    {
        _call = call;
        _parser = parser;
        _frames = new FrameReader(call.RequestBody, call.Method.Limits.MaxRequestBytes, call.RequestIsGzip, "request");
    }

    /// <summary>The next message, or null when the client has sent its last.</summary>
    public async ValueTask<T?> ReadAsync()
    {
        if (await _frames.ReadAsync(_call).ConfigureAwait(false) is not { } frame) return null;
        _call.RequestWasCompressed = _frames.LastWasCompressed;
        _call.Method.Tally.RequestBytes.Add(frame.Length);
        using (frame)
        {
            _call.Method.Texts?.Require(frame.Span);
            return _parser.ParseFrom(frame.Span);
        }
    }

    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (await ReadAsync().ConfigureAwait(false) is { } message)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return message;
        }
    }
}
