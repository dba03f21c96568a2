namespace SearchEngine.Rpc.Server;

/// <summary>Whether a client has to show a certificate.</summary>
public enum ClientCertificates
{
    Ignored = 0,
    Optional = 1,
    Required = 2,
}

/// <summary>TLS from PEM files. The files are read again when they change; connections in progress keep what they have.</summary>
public sealed record TlsOptions
{
    /// <summary>PEM: the server's certificate, then any intermediates.</summary>
    public required string CertificatePath { get; init; }

    /// <summary>PEM: the unencrypted private key.</summary>
    public required string KeyPath { get; init; }

    public ClientCertificates ClientCertificates { get; init; } = ClientCertificates.Ignored;

    /// <summary>PEM: the authorities that client certificates have to come from. Needed unless they are ignored.</summary>
    public string? ClientAuthorityPath { get; init; }

    public void Validate()
    {
        if (ClientCertificates != ClientCertificates.Ignored && ClientAuthorityPath is null)
        {
            throw new ArgumentException($"{nameof(ClientAuthorityPath)}: without it any self-made client certificate would be accepted.");
        }
    }
}
