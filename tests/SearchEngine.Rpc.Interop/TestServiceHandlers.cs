using Google.Protobuf;
using Grpc.Testing;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Rpc.Interop;

/// <summary>
/// The server side of gRPC's interoperability tests, from their public description. UnimplementedCall has no handler on
/// purpose: calling it is the unimplemented_method case. Instances hold no state and serve all calls.
/// </summary>
internal sealed class TestServiceHandlers
{
    /// <summary>A payload size comes from the wire, so it is bounded before it is allocated.</summary>
    public const int MaxPayloadBytes = 64 * 1024 * 1024;

    /// <summary>The largest payload with its envelope.</summary>
    public const int MaxReplyBytes = MaxPayloadBytes + 1024;

    private const int MaxHalfDuplexRequests = 1000;

    private readonly string _serverId = Guid.NewGuid().ToString();

    public ValueTask<Empty> EmptyCall(Empty request, ServerCall call)
    {
        Echo.Metadata(call);
        return ValueTask.FromResult(new Empty());
    }

    public ValueTask<SimpleResponse> UnaryCall(SimpleRequest request, ServerCall call)
    {
        Echo.Metadata(call);
        CheckCompressed(request.ExpectCompressed, call);
        Echo.Status(request.ResponseStatus);
        if (request.ResponseCompressed is { Value: true }) call.Compression = MessageCompression.Gzip;
        var response = new SimpleResponse { Payload = MakePayload(request.ResponseType, request.ResponseSize, "response_size") };
        if (request.FillServerId)
        {
            response.ServerId = _serverId;
            response.Hostname = Environment.MachineName;
        }
        return ValueTask.FromResult(response);
    }

    public ValueTask<SimpleResponse> CacheableUnaryCall(SimpleRequest request, ServerCall call) => UnaryCall(request, call);

    public async ValueTask StreamingOutputCall(
        StreamingOutputCallRequest request, ReplyStream<StreamingOutputCallResponse> replies, ServerCall call)
    {
        Begin(call);
        await AnswerAsync(request, replies, call);
    }

    public async ValueTask<StreamingInputCallResponse> StreamingInputCall(
        RequestStream<StreamingInputCallRequest> requests, ServerCall call)
    {
        Echo.Metadata(call);
        int total = 0;
        while (await requests.ReadAsync() is { } request)
        {
            CheckCompressed(request.ExpectCompressed, call);
            // A stream may be endless: a sum that does not fit its field is an error, not a negative number.
            total = checked(total + (request.Payload?.Body.Length ?? 0));
        }
        return new StreamingInputCallResponse { AggregatedPayloadSize = total };
    }

    public async ValueTask FullDuplexCall(
        RequestStream<StreamingOutputCallRequest> requests, ReplyStream<StreamingOutputCallResponse> replies, ServerCall call)
    {
        Begin(call);
        // A client may wait for the headers before it sends its first message.
        await call.SendHeadersAsync();
        while (await requests.ReadAsync() is { } request) await AnswerAsync(request, replies, call);
    }

    public async ValueTask HalfDuplexCall(
        RequestStream<StreamingOutputCallRequest> requests, ReplyStream<StreamingOutputCallResponse> replies, ServerCall call)
    {
        Begin(call);
        var kept = new List<StreamingOutputCallRequest>();
        while (await requests.ReadAsync() is { } request)
        {
            if (kept.Count == MaxHalfDuplexRequests)
            {
                throw new RpcException(StatusCode.ResourceExhausted, $"At most {MaxHalfDuplexRequests} requests are kept until the half-close.");
            }
            // Only what is answered is kept: payloads may be large.
            request.Payload = null;
            kept.Add(request);
        }
        foreach (StreamingOutputCallRequest request in kept) await AnswerAsync(request, replies, call);
    }

    private static void Begin(ServerCall call)
    {
        Echo.Metadata(call);
        // Declared for the whole stream, because a later message may ask for it; each message decides for itself.
        call.Compression = MessageCompression.Gzip;
    }

    private static async ValueTask AnswerAsync(
        StreamingOutputCallRequest request, ReplyStream<StreamingOutputCallResponse> replies, ServerCall call)
    {
        Echo.Status(request.ResponseStatus);
        foreach (ResponseParameters parameters in request.ResponseParameters)
        {
            if (parameters.IntervalUs > 0) await Task.Delay(TimeSpan.FromMicroseconds(parameters.IntervalUs), call.Cancellation);
            var response = new StreamingOutputCallResponse
            {
                Payload = MakePayload(request.ResponseType, parameters.Size, "response_parameters.size"),
            };
            await replies.WriteAsync(response,
                parameters.Compressed is { Value: true } ? MessageCompression.Gzip : MessageCompression.None);
        }
    }

    private static void CheckCompressed(BoolValue? expected, ServerCall call)
    {
        if (expected is { Value: true } && !call.RequestWasCompressed)
        {
            throw new RpcException(StatusCode.InvalidArgument, "expect_compressed is set, but the message came uncompressed.");
        }
    }

    private static Payload MakePayload(PayloadType type, int size, string field)
    {
        if (type != PayloadType.Compressable)
        {
            throw new RpcException(StatusCode.InvalidArgument, $"response_type {(int)type} is unknown.");
        }
        if (size is < 0 or > MaxPayloadBytes)
        {
            throw new RpcException(StatusCode.InvalidArgument, $"{field} is {size}; it must be 0 to {MaxPayloadBytes}.");
        }
        return new Payload { Body = UnsafeByteOperations.UnsafeWrap(new byte[size]) };
    }
}
