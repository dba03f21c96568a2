namespace SearchEngine.Rpc.Client;

/// <summary>TLS as a client wants it; the defaults trust what the machine trusts.</summary>
public sealed record ClientTlsOptions
{
    /// <summary>PEM: the authorities to trust instead of the machine's.</summary>
    public string? AuthorityPath { get; init; }

    /// <summary>PEM: the client's own certificate, when the server asks for one.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>PEM: its unencrypted private key.</summary>
    public string? KeyPath { get; init; }

    /// <summary>The name the server's certificate must have, when it is not the one in the address; sent as the call's authority, too.</summary>
    public string? ServerName { get; init; }

    public void Validate()
    {
        if (CertificatePath is null != KeyPath is null)
        {
            throw new ArgumentException($"{nameof(CertificatePath)} and {nameof(KeyPath)} only work together.");
        }
    }
}

/// <summary>How a channel connects and what it allows.</summary>
public sealed record RpcChannelOptions
{
    /// <summary>Only for https addresses.</summary>
    public ClientTlsOptions Tls { get; init; } = new();

    /// <summary>Sent with every call, before the call's own: credentials, as in <c>authorization</c>.</summary>
    public Metadata? Headers { get; init; }

    /// <summary>Calls in progress over the channel; further ones wait their turn. Default 1,000.</summary>
    public int MaxConcurrentCalls { get; init; } = 1_000;

    /// <summary>Default 16 MiB.</summary>
    public int MaxReplyBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Default 16 MiB.</summary>
    public int MaxRequestBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How request messages are sent unless a call says otherwise.</summary>
    public MessageCompression Compression { get; init; } = MessageCompression.None;

    public RetryPolicy Retry { get; init; } = new();

    /// <summary>Seeds the spread of retry delays; give every process its own to keep them apart.</summary>
    public int Seed { get; init; } = Environment.ProcessId;

    /// <summary>A ping is sent on a connection in use that has been silent for this long. Default 30 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public void Validate()
    {
        if (MaxConcurrentCalls < 1) throw new ArgumentOutOfRangeException(nameof(MaxConcurrentCalls), "Fewer than 1 lets no call out.");
        if (MaxReplyBytes < 1) throw new ArgumentOutOfRangeException(nameof(MaxReplyBytes), "No reply would ever fit.");
        if (MaxRequestBytes < 1) throw new ArgumentOutOfRangeException(nameof(MaxRequestBytes), "No request would ever fit.");
        Retry.Validate();
        Tls.Validate();
    }
}
