using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Client;

/// <summary>TLS settings as the handler takes them.</summary>
internal static class ClientTls
{
    public static SslClientAuthenticationOptions Build(ClientTlsOptions options)
    {
        var ssl = new SslClientAuthenticationOptions();
        if (options.CertificatePath is not null)
        {
            ssl.ClientCertificates = [PemCertificates.LoadWithKey(options.CertificatePath, options.KeyPath)];
        }
        if (options.AuthorityPath is not null)
        {
            X509Certificate2Collection authorities = PemCertificates.LoadAll(options.AuthorityPath);
            ssl.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
                && certificate is X509Certificate2 server && PemCertificates.IsFrom(authorities, server);
        }
        return ssl;
    }
}
