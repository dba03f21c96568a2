using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Server;

/// <summary>Where status fields go: into the headers of a trailers-only reply, or into the trailers.</summary>
internal interface IStatusSink
{
    void Add(string name, string value);
}

internal readonly struct HeaderSink(IHeaderDictionary headers) : IStatusSink
{
    public void Add(string name, string value) => headers.Append(name, value);
}

internal readonly struct TrailerSink(HttpResponse response) : IStatusSink
{
    public void Add(string name, string value) => response.AppendTrailer(name, value);
}

/// <summary>Writes <c>grpc-status</c>, <c>grpc-message</c>, <c>grpc-status-details-bin</c> and the trailing metadata.</summary>
internal static class StatusTrailers
{
    public const string StatusName = "grpc-status";
    public const string MessageName = "grpc-message";
    public const string DetailsName = "grpc-status-details-bin";

    // Clients refuse header blocks over 8 KiB by default: a status that is longer in its encoded form would turn a clear
    // error into a protocol error. Base64 makes 5.3 KiB of the details.
    private const int MaxMessageBytes = 2_000;
    private const int MaxDetailsBytes = 4_000;

    public static void Write<TSink>(TSink sink, RpcException? error, string domain, Metadata? trailers)
        where TSink : IStatusSink
    {
        sink.Add(StatusName, ((int)(error?.Code ?? StatusCode.Ok)).ToString(CultureInfo.InvariantCulture));
        if (error is not null)
        {
            string message = PercentEncoding.Shorten(error.Message, MaxMessageBytes);
            if (message.Length > 0) sink.Add(MessageName, PercentEncoding.Encode(message));
            if (error.ToRichStatus(domain) is { } rich)
            {
                rich.Message = message;
                // The reason comes first: what does not fit is given up from the end.
                while (rich.Details.Count > 0 && rich.CalculateSize() > MaxDetailsBytes) rich.Details.RemoveAt(rich.Details.Count - 1);
                if (rich.Details.Count > 0) sink.Add(DetailsName, Convert.ToBase64String(rich.ToByteArray()).TrimEnd('='));
            }
            Write(sink, error.Trailers);
        }
        if (trailers is not null) Write(sink, trailers);
    }

    private static void Write<TSink>(TSink sink, Metadata metadata)
        where TSink : IStatusSink
    {
        foreach (MetadataEntry entry in metadata) sink.Add(entry.Key, Metadata.HeaderValue(entry));
    }
}
