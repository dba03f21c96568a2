using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Testing;
using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Rpc.Tests.Foreign;

/// <summary>Our client on one server, with the methods of the interoperability services and the checks every scenario shares.</summary>
internal sealed class OwnClient : IDisposable
{
    // Every call has a deadline, so that a hang is a failed scenario.
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(30);

    private static readonly ServiceDescriptor Service = TestReflection.Descriptor.Services.Single(each => each.Name == "TestService");

    private readonly Uri _address;

    public OwnClient(Uri address, ClientTlsOptions tls)
    {
        _address = address;
        Channel = new RpcChannel(address, new RpcChannelOptions { Tls = tls });
    }

    public static RpcMethod<Empty, Empty> EmptyCall { get; } = new(Service, "EmptyCall");

    public static RpcMethod<Empty, Empty> UnimplementedCall { get; } = new(Service, "UnimplementedCall");

    public static RpcMethod<Empty, Empty> UnknownService { get; } =
        new(TestReflection.Descriptor.Services.Single(each => each.Name == "UnimplementedService"), "UnimplementedCall");

    public static RpcMethod<SimpleRequest, SimpleResponse> UnaryCall { get; } = new(Service, "UnaryCall");

    public static RpcMethod<StreamingInputCallRequest, StreamingInputCallResponse> InputCall { get; } = new(Service, "StreamingInputCall");

    public static RpcMethod<StreamingOutputCallRequest, StreamingOutputCallResponse> OutputCall { get; } = new(Service, "StreamingOutputCall");

    public static RpcMethod<StreamingOutputCallRequest, StreamingOutputCallResponse> DuplexCall { get; } = new(Service, "FullDuplexCall");

    public static RpcMethod<StreamingOutputCallRequest, StreamingOutputCallResponse> HalfDuplexCall { get; } = new(Service, "HalfDuplexCall");

    public static CallOptions Timed { get; } = new() { Timeout = CallTime };

    public static CallOptions Gzip { get; } = Timed with { Compression = MessageCompression.Gzip };

    public RpcChannel Channel { get; }

    public RpcChannel OpenAnother(RpcChannelOptions options) => new(_address, options);

    public Task<SimpleResponse> UnaryAsync(SimpleRequest request, CallOptions? options = null) =>
        Channel.UnaryAsync(UnaryCall, request, options ?? Timed, CancellationToken.None);

    public async Task<List<int>> SizesAsync(ServerStreamCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call)
    {
        var sizes = new List<int>();
        while (await call.ReadAsync() is { } response) sizes.Add(SizeOfZeros(response.Payload));
        return sizes;
    }

    public async Task StillAliveAsync(string after)
    {
        Exception? failure = await Record.ExceptionAsync(() => Channel.UnaryAsync(EmptyCall, new Empty(), Timed, CancellationToken.None));
        Assert.True(failure is null, $"The channel is unusable after {after}: {failure?.Message}");
    }

    public void Dispose() => Channel.Dispose();

    public static async Task<RpcException> FailsWithAsync(StatusCode code, Func<Task> call)
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(failure.Code == code, $"Expected {code}, got {failure.Code}: {failure.Message}");
        return failure;
    }

    public static ByteString Zeros(int size) => UnsafeByteOperations.UnsafeWrap(new byte[size]);

    public static SimpleRequest LargeRequest() => new() { ResponseSize = 314159, Payload = new Payload { Body = Zeros(271828) } };

    public static StreamingOutputCallRequest OutputRequest(int size, params int[] responses)
    {
        var request = new StreamingOutputCallRequest { Payload = new Payload { Body = Zeros(size) } };
        foreach (int response in responses) request.ResponseParameters.Add(new ResponseParameters { Size = response });
        return request;
    }

    public static StreamingInputCallRequest InputRequest(int size) => new() { Payload = new Payload { Body = Zeros(size) } };

    public static int SizeOfZeros(Payload payload)
    {
        Assert.False(payload.Body.Span.ContainsAnyExcept((byte)0), "A payload is not all zeros: bytes were lost or mixed up.");
        return payload.Body.Length;
    }
}
