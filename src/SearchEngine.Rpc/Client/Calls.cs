using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace SearchEngine.Rpc.Client;

/// <summary>A call whose replies come one by one. Dispose it; disposing an unfinished call cancels it.</summary>
public sealed class ServerStreamCall<TRequest, TReply> : IAsyncDisposable
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    private readonly ChannelLease<TRequest, TReply> _lease;

    internal ServerStreamCall(ChannelLease<TRequest, TReply> lease) => _lease = lease;

    /// <summary>Complete once <see cref="ReadAsync"/> has given null or thrown.</summary>
    public Metadata Trailers => _lease.Call.Trailers;

    public ValueTask<Metadata> ReadHeadersAsync() => _lease.Call.ReadHeadersAsync();

    /// <summary>The next reply, or null once the call has ended with OK.</summary>
    public ValueTask<TReply?> ReadAsync() => _lease.Call.ReadAsync();

    public IAsyncEnumerable<TReply> ReadAllAsync(CancellationToken cancellation = default) => Replies.All(_lease.Call, cancellation);

    public ValueTask DisposeAsync() => _lease.DisposeAsync();
}

/// <summary>A call that sends messages one by one and gets one reply.</summary>
public sealed class ClientStreamCall<TRequest, TReply> : IAsyncDisposable
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    private readonly ChannelLease<TRequest, TReply> _lease;
    private Task<TReply>? _reply;

    internal ClientStreamCall(ChannelLease<TRequest, TReply> lease) => _lease = lease;

    public Metadata Trailers => _lease.Call.Trailers;

    /// <summary>Throws the server's status if it ended the call. A server that replied early needs no more: then this does nothing.</summary>
    public async ValueTask WriteAsync(TRequest message, MessageCompression compression = MessageCompression.Inherit)
    {
        try
        {
            await _lease.Call.WriteAsync(message, compression).ConfigureAwait(false);
        }
        catch (RequestsClosedException)
        {
            await ReplyAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Says that no message follows and waits for the reply.</summary>
    public Task<TReply> CompleteAsync()
    {
        _lease.Call.CompleteRequests();
        return ReplyAsync();
    }

    private Task<TReply> ReplyAsync() => _reply ??= _lease.Call.ReadOnlyAsync().AsTask();

    public ValueTask DisposeAsync() => _lease.DisposeAsync();
}

/// <summary>A call in both directions. One reader and one writer may work at the same time.</summary>
public sealed class DuplexCall<TRequest, TReply> : IAsyncDisposable
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    private readonly ChannelLease<TRequest, TReply> _lease;

    internal DuplexCall(ChannelLease<TRequest, TReply> lease) => _lease = lease;

    public Metadata Trailers => _lease.Call.Trailers;

    public ValueTask<Metadata> ReadHeadersAsync() => _lease.Call.ReadHeadersAsync();

    /// <exception cref="RequestsClosedException">The server has ended the call; reading it gives the status.</exception>
    public ValueTask WriteAsync(TRequest message, MessageCompression compression = MessageCompression.Inherit) =>
        _lease.Call.WriteAsync(message, compression);

    /// <summary>Says that no message follows; replies may still come.</summary>
    public void CompleteRequests() => _lease.Call.CompleteRequests();

    public ValueTask<TReply?> ReadAsync() => _lease.Call.ReadAsync();

    public IAsyncEnumerable<TReply> ReadAllAsync(CancellationToken cancellation = default) => Replies.All(_lease.Call, cancellation);

    public ValueTask DisposeAsync() => _lease.DisposeAsync();
}

internal static class Replies
{
    public static async IAsyncEnumerable<TReply> All<TRequest, TReply>(
        ClientCall<TRequest, TReply> call, [EnumeratorCancellation] CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        while (await call.ReadAsync().ConfigureAwait(false) is { } reply)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return reply;
        }
    }
}
