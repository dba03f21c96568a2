using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Client;

/// <summary>Reads a status and metadata from headers or trailers.</summary>
internal static class ReplyStatus
{
    /// <summary>Null for OK. A reply without a status is an error too: the connection broke off in good order.</summary>
    public static RpcException? Read(HttpHeaders headers, HttpStatusCode http)
    {
        if (!headers.TryGetValues(StatusFields.Status, out IEnumerable<string>? values)
            || !int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out int code))
        {
            return new RpcException(StatusCode.Unknown, $"The reply ended without a {StatusFields.Status} (HTTP status {(int)http}).");
        }
        if (code == 0) return null;
        Metadata trailers = ReadMetadata(headers);
        string message = headers.TryGetValues(StatusFields.Message, out IEnumerable<string>? text) ? PercentEncoding.Decode(text.First()) : "";
        var known = code is > 0 and <= (int)StatusCode.Unauthenticated ? (StatusCode)code : StatusCode.Unknown;
        return RpcException.FromTrailers(known, message, Details(headers), trailers);
    }

    public static Metadata ReadMetadata(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            if (name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)) continue;
            foreach (string value in values)
            {
                try
                {
                    metadata.AddReceived(name, value);
                }
                catch (FormatException)
                {
                    throw new RpcException(StatusCode.Internal, $"The metadata '{name}' of the reply is not base64.", RpcReasons.MetadataMalformed);
                }
            }
        }
        return metadata;
    }

    private static ReadOnlyMemory<byte>? Details(HttpHeaders headers)
    {
        if (!headers.TryGetValues(StatusFields.Details, out IEnumerable<string>? values)) return null;
        var received = new Metadata();
        try
        {
            received.AddReceived(StatusFields.Details, values.First());
        }
        catch (FormatException)
        {
            // As with details that are no google.rpc.Status: the status counts, its details are lost.
            return new byte[] { 0xff };
        }
        return received.Bytes(StatusFields.Details);
    }
}
