using System.Net;

namespace SearchEngine.Rpc.Client;

/// <summary>What failures below gRPC mean as gRPC statuses; the tables are the protocol's.</summary>
internal static class HttpErrors
{
    public static RpcException FromStatus(HttpStatusCode status) => new(
        (int)status switch
        {
            400 => StatusCode.Internal,
            401 => StatusCode.Unauthenticated,
            403 => StatusCode.PermissionDenied,
            404 => StatusCode.Unimplemented,
            429 or 502 or 503 or 504 => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        },
        $"The peer answered with HTTP status {(int)status}; it may not be a gRPC server.");

    public static RpcException FromException(Exception failure)
    {
        for (Exception? inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpProtocolException protocol) return FromReset(protocol);
        }
        return new RpcException(StatusCode.Unavailable, $"The connection failed: {failure.Message}", cause: failure);
    }

    private static RpcException FromReset(HttpProtocolException reset) => new(
        reset.ErrorCode switch
        {
            0x7 => StatusCode.Unavailable, // REFUSED_STREAM: never processed
            0x8 => StatusCode.Cancelled,
            0xb => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
            0xc => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
            _ => StatusCode.Internal,
        },
        $"The peer reset the call (HTTP/2 error {reset.ErrorCode}).", cause: reset);
}
