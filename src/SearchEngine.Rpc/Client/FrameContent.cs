using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace SearchEngine.Rpc.Client;

/// <summary>
/// The request side of one call: messages are written straight to the connection, so that its flow control is the only
/// queue. One writer at a time.
/// </summary>
internal sealed class FrameContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MessageCompression _compression;
    private readonly int _maxBytes;

    public FrameContent(MessageCompression compression, int maxBytes)
    {
        _compression = compression;
        _maxBytes = maxBytes;
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    public async ValueTask WriteAsync(IMessage message, MessageCompression compression, CancellationToken cancellation)
    {
        Stream stream = await _open.Task.WaitAsync(cancellation).ConfigureAwait(false);
        using PooledFrame frame = PooledFrame.Of(message, compression == MessageCompression.Inherit ? _compression : compression, _maxBytes);
        await stream.WriteAsync(frame.Memory, cancellation).ConfigureAwait(false);
        await stream.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>No message follows; the connection is told so.</summary>
    public void Complete() => _complete.TrySetResult();

    /// <summary>The call is over: a writer that still waits gives up.</summary>
    public void Abandon()
    {
        _open.TrySetCanceled();
        _complete.TrySetResult();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Without this flush the handler keeps even the request headers back until the first message.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        _open.TrySetResult(stream);
        await _complete.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
