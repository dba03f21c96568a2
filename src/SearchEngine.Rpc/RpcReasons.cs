namespace SearchEngine.Rpc;

/// <summary>The machine-readable reasons (ErrorInfo.reason) that the transport itself gives; services add their own.</summary>
public static class RpcReasons
{
    /// <summary>No service of that name is known here.</summary>
    public const string ServiceUnknown = "SERVICE_UNKNOWN";

    /// <summary>The service is known, the method is not.</summary>
    public const string MethodUnknown = "METHOD_UNKNOWN";

    /// <summary>The contract declares the method; this server does not serve it.</summary>
    public const string MethodNotServed = "METHOD_NOT_SERVED";

    public const string MessageTooLarge = "MESSAGE_TOO_LARGE";
    public const string MessageMalformed = "MESSAGE_MALFORMED";
    public const string MessageCount = "MESSAGE_COUNT";
    public const string EncodingUnsupported = "ENCODING_UNSUPPORTED";
    public const string TimeoutMalformed = "TIMEOUT_MALFORMED";
    public const string MetadataMalformed = "METADATA_MALFORMED";
    public const string MetadataTooLarge = "METADATA_TOO_LARGE";
    public const string Deadline = "DEADLINE";

    /// <summary>A fault of the server; the fact <c>incident</c> names the log entry.</summary>
    public const string InternalFault = "INTERNAL_FAULT";

    public const string Overloaded = "OVERLOADED";
    public const string Draining = "DRAINING";
}
