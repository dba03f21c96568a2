using Google.Protobuf;

namespace SearchEngine.Rpc.Server;

/// <summary>The messages a server streams; one writer at a time. Writing waits while the client does not read.</summary>
public sealed class ReplyStream<T>
    where T : class, IMessage<T>
{
    private readonly ServerCall _call;

    internal ReplyStream(ServerCall call) => _call = call;

    /// <summary>Sends a message now.</summary>
    public ValueTask WriteAsync(T message, MessageCompression compression = MessageCompression.Inherit)
    {
        _call.Write(message, compression);
        return _call.FlushAsync();
    }

    /// <summary>
    /// Queues a message behind the previous ones; the next <see cref="WriteAsync"/>, <see cref="FlushAsync"/> or the end of the
    /// call sends it. For a few small messages that belong together: nothing here waits for the client.
    /// </summary>
    public void Write(T message, MessageCompression compression = MessageCompression.Inherit) => _call.Write(message, compression);

    public ValueTask FlushAsync() => _call.FlushAsync();
}
