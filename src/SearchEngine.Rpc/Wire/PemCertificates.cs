using System.Security.Cryptography.X509Certificates;

namespace SearchEngine.Rpc.Wire;

/// <summary>Certificates from PEM files, and the one check of whose they are, for both sides of a connection.</summary>
internal static class PemCertificates
{
    public static X509Certificate2 LoadWithKey(string certificatePath, string? keyPath)
    {
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        // A key straight from PEM is ephemeral, which not every platform's TLS accepts; PKCS#12 is accepted everywhere.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    public static X509Certificate2Collection LoadAll(string path)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates;
    }

    /// <summary>Whether one of these authorities, and no other the machine may trust, issued the certificate.</summary>
    public static bool IsFrom(X509Certificate2Collection authorities, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
