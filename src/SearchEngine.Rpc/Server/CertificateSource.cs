using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Server;

/// <summary>
/// The server's certificates, read again when their files change. Changes are looked for at a handshake, at most once a
/// second: a rename, a rewrite and a symbolic link that moves are all seen, and no watcher has to be trusted.
/// </summary>
internal sealed class CertificateSource(TlsOptions options, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Loaded _current = Load(options);
    private long _lookedAt = time.GetTimestamp();

    /// <summary>What is served now, loaded anew if the files have changed. A file that cannot be read keeps the old ones in use.</summary>
    public Loaded Current
    {
        get
        {
            lock (_gate)
            {
                if (time.GetElapsedTime(_lookedAt) < LookAgain) return _current;
                _lookedAt = time.GetTimestamp();
                if (Stamp(options) == _current.Stamp) return _current;
                try
                {
                    _current = Load(options);
                    RpcLog.CertificatesLoaded(log, _current.Leaf.Subject, _current.Leaf.NotAfter);
                }
                catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException
                    or System.Security.Cryptography.CryptographicException)
                {
                    RpcLog.CertificatesUnreadable(log, unreadable);
                }
                return _current;
            }
        }
    }

    /// <summary>Loads the files now, changed or not.</summary>
    /// <exception cref="IOException">A file cannot be read; the previous ones stay in use.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is not what it should be; the previous ones stay in use.</exception>
    public Loaded Reload()
    {
        lock (_gate)
        {
            _current = Load(options);
            _lookedAt = time.GetTimestamp();
            RpcLog.CertificatesLoaded(log, _current.Leaf.Subject, _current.Leaf.NotAfter);
            return _current;
        }
    }

    public ValueTask<SslServerAuthenticationOptions> OnConnectionAsync(TlsHandshakeCallbackContext handshake)
    {
        handshake.AllowDelayedClientCertificateNegotation = false;
        Loaded loaded = Current;
        return ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = loaded.Context,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificateRequired = options.ClientCertificates != ClientCertificates.Ignored,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => Accepts(certificate, loaded),
        });
    }

    private bool Accepts(X509Certificate? certificate, Loaded loaded)
    {
        if (options.ClientCertificates == ClientCertificates.Ignored) return true;
        if (certificate is not X509Certificate2 client) return options.ClientCertificates == ClientCertificates.Optional;
        return PemCertificates.IsFrom(loaded.ClientAuthorities, client);
    }

    private static Loaded Load(TlsOptions options)
    {
        // The stamp is taken first: a file that changes while it is read is read again.
        string stamp = Stamp(options);
        X509Certificate2 leaf = PemCertificates.LoadWithKey(options.CertificatePath, options.KeyPath);
        X509Certificate2Collection chain = PemCertificates.LoadAll(options.CertificatePath);
        X509Certificate2Collection authorities = options.ClientAuthorityPath is { } path ? PemCertificates.LoadAll(path) : [];
        return new Loaded(leaf, SslStreamCertificateContext.Create(leaf, chain, offline: true), authorities, stamp);
    }

    private static string Stamp(TlsOptions options) =>
        string.Join('|', new[] { options.CertificatePath, options.KeyPath, options.ClientAuthorityPath }.OfType<string>().Select(FileStamp.Of));

    internal sealed record Loaded(
        X509Certificate2 Leaf, SslStreamCertificateContext Context, X509Certificate2Collection ClientAuthorities, string Stamp);
}
