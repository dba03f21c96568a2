using Google.Protobuf;

namespace SearchEngine.Rpc.Client;

/// <summary>A call together with its place among the channel's calls in progress.</summary>
internal sealed class ChannelLease<TRequest, TReply>(ClientCall<TRequest, TReply> call, SemaphoreSlim places) : IAsyncDisposable
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    private int _released;

    public ClientCall<TRequest, TReply> Call { get; } = call;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0) return;
        await Call.DisposeAsync().ConfigureAwait(false);
        places.Release();
    }
}
