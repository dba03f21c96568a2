using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace SearchEngine.Rpc.Client;

/// <summary>The request side of a call with exactly one request message.</summary>
internal sealed class SingleFrameContent : HttpContent
{
    // Not pooled: a cancelled call may be over while the connection still holds this content.
    private readonly byte[] _frame;

    public SingleFrameContent(IMessage message, MessageCompression compression, int maxBytes)
    {
        using PooledFrame frame = PooledFrame.Of(message, compression, maxBytes);
        _frame = frame.Memory.ToArray();
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    // A length would put content-length on the wire, which gRPC does not use.
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        stream.WriteAsync(_frame).AsTask();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_frame, cancellationToken).AsTask();
}
