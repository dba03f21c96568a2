using SearchEngine.Rpc;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Admission;

namespace SearchEngine.Server.Rerank;

/// <summary>Errors of reranks, with the paths that fields have in a RerankRequest.</summary>
internal static class RerankErrors
{
    public static RpcException Late(long predictedMicros, long remainingMicros) => AdmissionErrors.Late(predictedMicros, remainingMicros, 0);

    public static RpcException TooLarge(int bytes, int limit, int items) => SearchErrors.ReplyTooLarge(bytes, limit, items);
}
