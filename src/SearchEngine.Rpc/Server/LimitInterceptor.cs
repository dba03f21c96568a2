using System.Globalization;

namespace SearchEngine.Rpc.Server;

/// <summary>Refuses at the door: too much metadata, or such as cannot be read, and too many calls. No message has been read yet.</summary>
internal sealed class LimitInterceptor(RpcServerOptions options) : IInterceptor
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    public ValueTask InvokeAsync(ServerCall call, CallDelegate next)
    {
        long metadata = call.MetadataBytes;
        if (metadata > options.MaxMetadataBytes)
        {
            throw new RpcException(StatusCode.ResourceExhausted,
                    $"The metadata of the call has {metadata} bytes; the limit is {options.MaxMetadataBytes}.", RpcReasons.MetadataTooLarge)
                .With("actual", string.Create(CultureInfo.InvariantCulture, $"{metadata} bytes"))
                .With("limit", string.Create(CultureInfo.InvariantCulture, $"{options.MaxMetadataBytes} bytes"))
                .With("fix", "Put large values into the request message.");
        }
        if (metadata > 0)
        {
            call.CheckBinaryMetadata();
        }
        if (call.IsBeyondLimit)
        {
            throw new RpcException(StatusCode.Unavailable,
                    $"{options.MaxConcurrentCalls} calls are in progress, the most this server takes.", RpcReasons.Overloaded)
                .With("limit", string.Create(CultureInfo.InvariantCulture, $"{options.MaxConcurrentCalls} calls"))
                .With("fix", "Try again after the retry delay, or ask another server.")
                .RetryAfter(RetryDelay);
        }
        return next(call);
    }
}
