using SearchEngine.Encoder.Calls;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Encoder.Service;

/// <summary>The Encoder service: every RPC of the contract and where its work is.</summary>
internal sealed class EncoderService(EncoderState state)
{
    public ValueTask<Wire.DescribeEncoderReply> Describe(Wire.DescribeEncoderRequest request, ServerCall server)
    {
        using var call = new EncoderCall(server, request.Header);
        return ValueTask.FromResult(Descriptions.Describe(state, request, call));
    }

    public ValueTask<Wire.EncodeReply> Encode(Wire.EncodeRequest request, ServerCall server) =>
        RefusalCount.Of(state.Metrics, EncodeRpc.RunAsync(state, request, server));

    public ValueTask EncodeStream(
        RequestStream<Wire.EncodeStreamRequest> requests, ReplyStream<Wire.EncodeStreamReply> replies, ServerCall server) =>
        EncodeStreamRpc.RunAsync(state, requests, replies, server);

    public ValueTask<Wire.ScoreReply> Score(Wire.ScoreRequest request, ServerCall server) =>
        RefusalCount.Of(state.Metrics, ScoreRpc.RunAsync(state, request, server));

    public ValueTask<Wire.ClassifyReply> Classify(Wire.ClassifyRequest request, ServerCall server) =>
        RefusalCount.Of(state.Metrics, ClassifyRpc.RunAsync(state, request, server));

    public ValueTask<Wire.TokenizeReply> Tokenize(Wire.TokenizeRequest request, ServerCall server) =>
        ValueTask.FromResult(TokenizeRpc.Run(state, request, server));

    public ValueTask<Wire.SelfTestReply> SelfTest(Wire.SelfTestRequest request, ServerCall server) =>
        SelfTestRpc.RunAsync(state, request, server);
}
