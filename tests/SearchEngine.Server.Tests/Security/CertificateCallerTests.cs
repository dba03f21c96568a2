using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Security;

public sealed class CertificateCallerTests : IDisposable
{
    private readonly KeyFolder _keys = new();
    private readonly TempDirectory _folder = new();

    public void Dispose()
    {
        _keys.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Client_certificate_stands_for_the_key_that_names_its_subject_and_a_key_goes_before_it()
    {
        LoopbackCertificates issued = LoopbackCertificates.Create(_folder.Path, TimeProvider.System);
        _keys.Add("by-certificate", ["read"], certificate: "CN=interop client");
        string writer = _keys.Add("writer", ["write"]);
        var tls = new TlsOptions
        {
            CertificatePath = issued.Server,
            KeyPath = issued.ServerKey,
            ClientAuthorityPath = issued.Authority,
            ClientCertificates = ClientCertificates.Optional,
        };
        using var data = new TempDirectory();
        await using SearchServer server = await SearchServer.StartAsync(
            new SearchServerOptions { DataDirectory = data.Path, Security = _keys.Security }, new RpcServerOptions { Tls = tls, DrainTime = TimeSpan.Zero });
        var shown = new ClientTlsOptions { AuthorityPath = issued.Authority, CertificatePath = issued.Client, KeyPath = issued.ClientKey, ServerName = "localhost" };
        var address = new Uri($"https://{server.Rpc.EndPoint}");
        using var certified = new RpcChannel(address, new RpcChannelOptions { Tls = shown });
        await RunningServer.RefusedAsync(() => new Api(certified).CountAsync("docs"), Wire.ErrorReason.CollectionUnknown, "header.collection");
        await RunningServer.RefusedAsync(() => new Api(certified).UpsertAsync("docs", Api.Point(1)), Wire.ErrorReason.Permission);
        using var both = new RpcChannel(address, new RpcChannelOptions { Tls = shown, Headers = new Metadata { { "authorization", $"Bearer {writer}" } } });
        await RunningServer.RefusedAsync(() => new Api(both).CountAsync("docs"), Wire.ErrorReason.Permission);
        using var nobody = new RpcChannel(address, new RpcChannelOptions { Tls = shown with { CertificatePath = null, KeyPath = null } });
        await RunningServer.RefusedAsync(() => new Api(nobody).CountAsync("docs"), Wire.ErrorReason.Credentials);
    }
}
