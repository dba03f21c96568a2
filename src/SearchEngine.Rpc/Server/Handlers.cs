using System.Runtime.CompilerServices;
using Google.Protobuf;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Server;

public delegate ValueTask<TReply> UnaryHandler<TRequest, TReply>(TRequest request, ServerCall call);

public delegate ValueTask ServerStreamHandler<TRequest, TReply>(TRequest request, ReplyStream<TReply> replies, ServerCall call)
    where TReply : class, IMessage<TReply>;

public delegate ValueTask<TReply> ClientStreamHandler<TRequest, TReply>(RequestStream<TRequest> requests, ServerCall call)
    where TRequest : class, IMessage<TRequest>;

public delegate ValueTask DuplexHandler<TRequest, TReply>(
    RequestStream<TRequest> requests, ReplyStream<TReply> replies, ServerCall call)
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>;

/// <summary>Turns a typed handler of each of the four shapes into the one shape the pipeline knows: read, invoke, write.</summary>
internal static class Handlers
{
    public static CallDelegate Unary<TRequest, TReply>(UnaryHandler<TRequest, TReply> handler, MessageParser<TRequest> parser)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        var requests = new AliasingParser<TRequest>(parser);
        // State machines of calls that have to wait are used again.
        return [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))] async ValueTask (ServerCall call) =>
        {
            // The request may alias the frame, so the frame lives as long as the handler runs.
            using RentedBytes frame = await ReadOnlyFrameAsync(call).ConfigureAwait(false);
            call.Method.Texts?.Require(frame.Span);
            call.Method.Tally.RequestBytes.Add(frame.Length);
            TReply reply = await handler(requests.Parse(frame), call).ConfigureAwait(false);
            if (call.Refusal is null) call.WriteOnly(reply);
        };
    }

    public static CallDelegate ServerStream<TRequest, TReply>(
        ServerStreamHandler<TRequest, TReply> handler, MessageParser<TRequest> parser)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        var requests = new AliasingParser<TRequest>(parser);
        return async call =>
        {
            using RentedBytes frame = await ReadOnlyFrameAsync(call).ConfigureAwait(false);
            call.Method.Texts?.Require(frame.Span);
            call.Method.Tally.RequestBytes.Add(frame.Length);
            await handler(requests.Parse(frame), new ReplyStream<TReply>(call), call).ConfigureAwait(false);
        };
    }

    public static CallDelegate ClientStream<TRequest, TReply>(
        ClientStreamHandler<TRequest, TReply> handler, MessageParser<TRequest> parser)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        async call =>
        {
            TReply reply = await handler(new RequestStream<TRequest>(call, parser), call).ConfigureAwait(false);
            call.WriteOnly(reply);
        };

    public static CallDelegate Duplex<TRequest, TReply>(DuplexHandler<TRequest, TReply> handler, MessageParser<TRequest> parser)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        call => handler(new RequestStream<TRequest>(call, parser), new ReplyStream<TReply>(call), call);

    private static ValueTask<RentedBytes> ReadOnlyFrameAsync(ServerCall call)
    {
        var frames = new FrameReader(call.RequestBody, call.Method.Limits.MaxRequestBytes, call.RequestIsGzip, "request");
        bool taken = frames.TryRead(out RentedBytes first);
        return taken && frames.IsAtEnd ? new ValueTask<RentedBytes>(first) : WaitAsync(frames, taken ? first : null, call);
    }

    private static async ValueTask<RentedBytes> WaitAsync(FrameReader frames, RentedBytes? taken, ServerCall call)
    {
        RentedBytes first = taken ?? await frames.ReadAsync(call).ConfigureAwait(false)
            ?? throw FrameErrors.NotOneMessage("request", "none came");
        call.RequestWasCompressed = frames.LastWasCompressed;
        try
        {
            // The end of the stream, too: a second message makes the call invalid, not just longer.
            if (await frames.ReadAsync(call).ConfigureAwait(false) is not { } second) return first;
            second.Dispose();
            throw FrameErrors.NotOneMessage("request", "a second one came");
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }
}
