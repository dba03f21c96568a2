namespace SearchEngine.Rpc.Server;

/// <summary>What is counted of one method, and the tags its measurements carry: made once, so that a call allocates none.</summary>
internal sealed class MethodTally
{
    private static readonly StatusCode[] Codes = Enum.GetValues<StatusCode>();

    private readonly KeyValuePair<string, object?>[][] _tagsByCode;

    public MethodTally(string service, string method)
    {
        Tags = [new("rpc.system", "grpc"), new("rpc.service", service), new("rpc.method", method)];
        _tagsByCode = [.. Codes.Select(code => (KeyValuePair<string, object?>[])[.. Tags, new("rpc.grpc.status_code", (int)code)])];
    }

    public KeyValuePair<string, object?>[] Tags { get; }

    /// <summary>Bytes of request messages, as they come out of decompression.</summary>
    public StripedCount RequestBytes { get; } = new();

    /// <summary>Bytes of reply messages before compression.</summary>
    public StripedCount ReplyBytes { get; } = new();

    public ReadOnlySpan<KeyValuePair<string, object?>> TagsOf(StatusCode code) => _tagsByCode[(int)code];
}
