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

    public Task<Wire.ScoreReply> ScoreAsync(string query, params string[] documents)
    {
        var request = new Wire.ScoreRequest { Query = query };
        request.Documents.Add(documents);
        return ScoreAsync(request);
    }

    public Task<Wire.ScoreReply> ScoreAsync(Wire.ScoreRequest request) => CallAsync<Wire.ScoreRequest, Wire.ScoreReply>("Score", request);

    public Task<Wire.ClassifyReply> ClassifyAsync(Wire.ClassifyRequest request) =>
        CallAsync<Wire.ClassifyRequest, Wire.ClassifyReply>("Classify", request);

    public Task<Wire.TokenizeReply> TokenizeAsync(Wire.TokenizeRequest request) =>
        CallAsync<Wire.TokenizeRequest, Wire.TokenizeReply>("Tokenize", request);

    public Task<Wire.SelfTestReply> SelfTestAsync(string model = "") =>
        CallAsync<Wire.SelfTestRequest, Wire.SelfTestReply>("SelfTest", new Wire.SelfTestRequest { Model = model });

    public ValueTask<DuplexCall<Wire.EncodeStreamRequest, Wire.EncodeStreamReply>> StreamAsync(CancellationToken cancellation) =>
        Channel.DuplexAsync(
            new RpcMethod<Wire.EncodeStreamRequest, Wire.EncodeStreamReply>(Service, "EncodeStream"), new CallOptions(), cancellation);

    public Task<TReply> CallAsync<TRequest, TReply>(
        string method, TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        Channel.UnaryAsync(
            new RpcMethod<TRequest, TReply>(Service, method), request, new CallOptions { Timeout = timeout, Retry = RetryPolicy.None }, cancellation);
}
