using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace SearchEngine.Rpc.Server;

/// <summary>Between HTTP headers and call metadata.</summary>
internal static class HttpMetadata
{
    // Headers that belong to HTTP or to the protocol and are not the caller's metadata.
    private static readonly System.Collections.Frozen.FrozenSet<string> Protocol = System.Collections.Frozen.FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "te", "content-type", "content-length", "host", "user-agent", "accept-encoding");

    public static Metadata Read(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach ((string name, StringValues values) in headers)
        {
            if (name.StartsWith(':') || Protocol.Contains(name) || name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)) continue;
            foreach (string? value in values)
            {
                try
                {
                    metadata.AddReceived(name, value ?? "");
                }
                catch (FormatException)
                {
                    throw new RpcException(StatusCode.Internal, $"The metadata '{name}' is not base64.", RpcReasons.MetadataMalformed)
                        .With("fix", "Encode the values of metadata whose names end with -bin in base64.");
                }
            }
        }
        return metadata;
    }

    public static void Write(IHeaderDictionary headers, Metadata? metadata)
    {
        if (metadata is null) return;
        foreach (MetadataEntry entry in metadata) Add(headers, entry.Key, Metadata.HeaderValue(entry));
    }

    /// <summary>Adds a value, an empty one too: ASP.NET's own Append drops those.</summary>
    public static void Add(IHeaderDictionary headers, string name, string value) =>
        headers[name] = StringValues.Concat(headers[name], value);

    public static bool IsGzip(StringValues encoding) =>
        encoding.Count == 1 && string.Equals(encoding[0], Wire.Gzip.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether there is anything beside the headers of HTTP and of the protocol; cheap, because most calls have nothing.</summary>
    public static bool HasOwn(IHeaderDictionary headers) =>
        headers.Count > Present(headers.ContentType) + Present(headers.TE) + Present(headers.Host) + Present(headers.UserAgent)
            + Present(headers.GrpcTimeout) + Present(headers.GrpcEncoding) + Present(headers.GrpcAcceptEncoding)
            + Present(headers.AcceptEncoding) + (headers.ContentLength is null ? 0 : 1);

    /// <summary>Whether there is metadata of bytes, which travels in base64.</summary>
    public static bool HasBinary(IHeaderDictionary headers)
    {
        foreach ((string name, _) in headers)
        {
            if (Metadata.IsBinaryKey(name)) return true;
        }
        return false;
    }

    /// <summary>What HTTP/2 counts against the header limit: names, values and 32 bytes for each.</summary>
    public static long Size(IHeaderDictionary headers)
    {
        long bytes = 0;
        foreach ((string name, StringValues values) in headers)
        {
            foreach (string? value in values) bytes += name.Length + (value?.Length ?? 0) + 32;
        }
        return bytes;
    }

    private static int Present(StringValues header) => header.Count > 0 ? 1 : 0;
}
