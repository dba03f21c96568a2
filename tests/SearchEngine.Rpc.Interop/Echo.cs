using System.Globalization;
using Grpc.Testing;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Rpc.Interop;

/// <summary>What the interoperability tests ask a server to send back.</summary>
internal static class Echo
{
    private const string Initial = "x-grpc-test-echo-initial";
    private const string Trailing = "x-grpc-test-echo-trailing-bin";

    // Not of the public description: shows that a deadline reached the handler. Stock clients never send it.
    private const string AskRemaining = "x-interop-ask-time-remaining";
    private const string TimeRemaining = "x-interop-time-remaining-ms";

    public static void Metadata(ServerCall call)
    {
        foreach (MetadataEntry entry in call.RequestHeaders)
        {
            switch (entry.Key)
            {
                case Initial:
                    call.ReplyHeaders.Add(Initial, entry.Text!);
                    break;
                case Trailing:
                    call.ReplyTrailers.Add(Trailing, entry.Bytes);
                    break;
                case AskRemaining:
                    call.ReplyHeaders.Add(TimeRemaining, call.Remaining is { } left
                        ? ((long)Math.Ceiling(left.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture)
                        : "none");
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Ends the call with the status the client asked for.</summary>
    public static void Status(EchoStatus? wanted)
    {
        if (wanted is null or { Code: 0 }) return;
        throw new RpcException(Enum.IsDefined((StatusCode)wanted.Code) ? (StatusCode)wanted.Code : StatusCode.Unknown, wanted.Message);
    }
}
