using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SearchEngine.Testing;

/// <summary>
/// A throw-away authority with a server certificate for localhost and a client certificate, as PEM files in one folder.
/// Made anew for every run: no key is ever committed.
/// </summary>
public sealed class LoopbackCertificates
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly string _folder;

    private LoopbackCertificates(string folder) => _folder = folder;

    public string Authority => Path.Combine(_folder, "ca.pem");

    public string Server => Path.Combine(_folder, "server.pem");

    public string ServerKey => Path.Combine(_folder, "server.key");

    public string Client => Path.Combine(_folder, "client.pem");

    public string ClientKey => Path.Combine(_folder, "client.key");

    public static LoopbackCertificates Create(string folder, TimeProvider time)
    {
        var made = new LoopbackCertificates(folder);
        DateTimeOffset from = time.GetUtcNow().AddHours(-1);
        DateTimeOffset to = from.AddDays(2);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // Of authorities of one name a verifier would try the wrong one.
        var request = new CertificateRequest($"CN=test authority {Guid.NewGuid():N}", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using X509Certificate2 authority = request.CreateSelfSigned(from, to);
        File.WriteAllText(made.Authority, authority.ExportCertificatePem());
        Issue(authority, "CN=localhost", ServerAuthentication, made.Server, made.ServerKey);
        Issue(authority, "CN=interop client", ClientAuthentication, made.Client, made.ClientKey);
        return made;
    }

    private static void Issue(X509Certificate2 authority, string name, string usage, string path, string keyPath)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        using X509Certificate2 issued = request.Create(authority, authority.NotBefore, authority.NotAfter, serial);
        File.WriteAllText(path, issued.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
    }
}
