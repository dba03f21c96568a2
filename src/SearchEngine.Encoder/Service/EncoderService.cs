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
}
