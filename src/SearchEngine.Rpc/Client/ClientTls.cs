using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace SearchEngine.Rpc.Client;

/// <summary>TLS settings as the handler takes them.</summary>
internal static class ClientTls
{
    public static SslClientAuthenticationOptions Build(ClientTlsOptions options)
    {
        var ssl = new SslClientAuthenticationOptions();
        if (options.CertificatePath is not null)
        {
            using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(options.CertificatePath, options.KeyPath);
            ssl.ClientCertificates = [X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null)];
        }
        if (options.AuthorityPath is not null)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(options.AuthorityPath);
            ssl.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && IsFrom(authorities, certificate as X509Certificate2);
        }
        return ssl;
    }

    private static bool IsFrom(X509Certificate2Collection authorities, X509Certificate2? certificate)
    {
        if (certificate is null) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
