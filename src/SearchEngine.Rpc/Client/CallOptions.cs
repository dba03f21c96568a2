namespace SearchEngine.Rpc.Client;

/// <summary>What one call wants beside its request.</summary>
public sealed record CallOptions
{
    internal static CallOptions Default { get; } = new();

    /// <summary>The deadline, from now; it covers retries. Null for none.</summary>
    public TimeSpan? Timeout { get; init; }

    public Metadata? Headers { get; init; }

    /// <summary>How request messages are sent. Inherit means as the channel says.</summary>
    public MessageCompression Compression { get; init; }

    /// <summary>Unary calls only. Null means the channel's policy if the contract calls the method idempotent, else none.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>Filled with what came back beside the reply.</summary>
    public CallRecord? Record { get; init; }
}

/// <summary>The metadata of a finished unary call.</summary>
public sealed class CallRecord
{
    public Metadata Headers { get; internal set; } = new();

    public Metadata Trailers { get; internal set; } = new();

    public int Attempts { get; internal set; }
}
