using Google.Protobuf;
using Google.Protobuf.Reflection;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Encoder.Tests;

/// <summary>The Encoder service as a client calls it.</summary>
internal sealed record EncoderApi(RpcChannel Channel)
{
    private static readonly ServiceDescriptor Service = Wire.EncoderReflection.Descriptor.Services.Single();

    public Task<Wire.DescribeEncoderReply> DescribeAsync(string model = "") =>
        CallAsync<Wire.DescribeEncoderRequest, Wire.DescribeEncoderReply>("Describe", new Wire.DescribeEncoderRequest { Model = model });

    public Task<Wire.EncodeReply> EncodeAsync(Wire.EncodeOptions options, params string[] texts)
    {
        var request = new Wire.EncodeRequest { Options = options };
        request.Texts.Add(texts);
        return EncodeAsync(request);
    }

    public Task<Wire.EncodeReply> EncodeAsync(Wire.EncodeRequest request, TimeSpan? timeout = null) =>
        CallAsync<Wire.EncodeRequest, Wire.EncodeReply>("Encode", request, timeout);

    public Task<TReply> CallAsync<TRequest, TReply>(
        string method, TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        Channel.UnaryAsync(
            new RpcMethod<TRequest, TReply>(Service, method), request, new CallOptions { Timeout = timeout, Retry = RetryPolicy.None }, cancellation);
}
