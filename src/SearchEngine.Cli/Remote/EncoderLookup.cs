using SearchEngine.Rpc.Client;

namespace SearchEngine.Cli.Remote;

/// <summary>What an encoder process can do, asked of itself.</summary>
internal static class EncoderLookup
{
    /// <summary>The first model that makes vectors, or the one that is named.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static async Task<Wire.ModelDescription> FirstAsync(RpcChannel encoder, string model, TimeSpan timeout, CancellationToken cancel)
    {
        Wire.DescribeEncoderReply reply = await encoder.UnaryAsync(
            Api.DescribeEncoder, new Wire.DescribeEncoderRequest { Model = model }, new CallOptions { Timeout = timeout }, cancel).ConfigureAwait(false);
        return reply.Models.FirstOrDefault(described => described.Purposes.Contains(Wire.ModelPurpose.Encode))
            ?? throw new InputException(model.Length == 0 ? "The encoder has no model that makes vectors." : $"The encoder's model \"{model}\" makes no vectors.");
    }
}
