using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Server;

/// <summary>Writes <c>grpc-status</c>, <c>grpc-message</c>, <c>grpc-status-details-bin</c> and the trailing metadata.</summary>
internal static class StatusTrailers
{
    private static readonly Microsoft.Extensions.Primitives.StringValues OkText = "0";

    // Clients refuse header blocks over 8 KiB by default: a status that is longer in its encoded form would turn a clear
    // error into a protocol error. Base64 makes 5.3 KiB of the details.
    private const int MaxMessageBytes = 2_000;
    private const int MaxDetailsBytes = 4_000;

    /// <param name="target">The headers of a trailers-only reply, or the trailers.</param>
    public static void Write(IHeaderDictionary target, RpcException? error, string domain, Metadata? trailers)
    {
        target[StatusFields.Status] = error is null ? OkText : ((int)error.Code).ToString(CultureInfo.InvariantCulture);
        if (error is not null)
        {
            string message = PercentEncoding.Shorten(error.Message, MaxMessageBytes);
            if (message.Length > 0) target[StatusFields.Message] = PercentEncoding.Encode(message);
            if (error.ToRichStatus(domain) is { } rich)
            {
                rich.Message = message;
                // The reason comes first: what does not fit is given up from the end.
                while (rich.Details.Count > 0 && rich.CalculateSize() > MaxDetailsBytes) rich.Details.RemoveAt(rich.Details.Count - 1);
                if (rich.Details.Count > 0) target[StatusFields.Details] = Convert.ToBase64String(rich.ToByteArray()).TrimEnd('=');
            }
            HttpMetadata.Write(target, error.Trailers);
        }
        HttpMetadata.Write(target, trailers);
    }
}
