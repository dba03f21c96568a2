using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Client;

/// <summary>TLS settings as the handler takes them.</summary>
internal static class ClientTls
{
    public static SslClientAuthenticationOptions Build(ClientTlsOptions options)
    {
        // 2026-11-26: sessions are remembered per host for the whole process. Resumed, they show a channel the certificate that another
        // channel once saw, and one that trusts the renewed authority alone never comes through.
        var ssl = new SslClientAuthenticationOptions { AllowTlsResume = false };
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
