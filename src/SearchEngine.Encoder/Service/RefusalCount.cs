using SearchEngine.Encoder.Operations;
using SearchEngine.Rpc;

namespace SearchEngine.Encoder.Service;

/// <summary>Counts the calls that end in a refusal.</summary>
internal static class RefusalCount
{
    public static async ValueTask<T> Of<T>(EncoderMetrics metrics, ValueTask<T> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (RpcException refusal)
        {
            metrics.Refused(refusal.Reason ?? refusal.Code.ToString());
            throw;
        }
    }
}
