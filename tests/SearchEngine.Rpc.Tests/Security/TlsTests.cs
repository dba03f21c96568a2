using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Rpc.Tests.Security;

public sealed class TlsTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly TempDirectory _otherFolder = new();
    private readonly LoopbackCertificates _certificates;

    public TlsTests() => _certificates = LoopbackCertificates.Create(_folder.Path, TimeProvider.System);

    public void Dispose()
    {
        _folder.Dispose();
        _otherFolder.Dispose();
    }

    [Theory]
    [InlineData(ClientCertificates.Ignored, false, true)]
    [InlineData(ClientCertificates.Optional, false, true)]
    [InlineData(ClientCertificates.Optional, true, true)]
    [InlineData(ClientCertificates.Required, true, true)]
    [InlineData(ClientCertificates.Required, false, false)]
    public async Task ClientCertificate_DecidesAsTheServerWasTold(ClientCertificates wanted, bool shown, bool served)
    {
        await using ProbeServer server = await ServeAsync(wanted);
        using var channel = new RpcChannel(Secure(server), new RpcChannelOptions { Tls = shown ? WithCertificate(_certificates) : Anonymous(_certificates) });
        Assert.Equal(served ? StatusCode.Ok : StatusCode.Unavailable, await CallAsync(channel));
    }

    [Theory]
    [InlineData(ClientCertificates.Optional)]
    [InlineData(ClientCertificates.Required)]
    public async Task CertificateOfAnotherAuthority_IsRefused(ClientCertificates wanted)
    {
        LoopbackCertificates stranger = LoopbackCertificates.Create(_otherFolder.Path, TimeProvider.System);
        await using ProbeServer server = await ServeAsync(wanted);
        ClientTlsOptions tls = WithCertificate(stranger) with { AuthorityPath = _certificates.Authority };
        using var channel = new RpcChannel(Secure(server), new RpcChannelOptions { Tls = tls });
        Assert.Equal(StatusCode.Unavailable, await CallAsync(channel));
    }

    [Fact]
    public async Task ServerOfAnotherAuthorityOrAnotherName_IsNotTrusted()
    {
        LoopbackCertificates stranger = LoopbackCertificates.Create(_otherFolder.Path, TimeProvider.System);
        await using ProbeServer server = await ServeAsync(ClientCertificates.Ignored);
        using var wrongAuthority = new RpcChannel(Secure(server), new RpcChannelOptions { Tls = Anonymous(stranger) });
        Assert.Equal(StatusCode.Unavailable, await CallAsync(wrongAuthority));
        using var wrongName = new RpcChannel(Secure(server), new RpcChannelOptions { Tls = Anonymous(_certificates) with { ServerName = "elsewhere.example" } });
        Assert.Equal(StatusCode.Unavailable, await CallAsync(wrongName));
    }

    [Fact]
    public async Task ChangedCertificate_IsServedToNewConnectionsWhileOldOnesGoOn()
    {
        var time = new ManualTime();
        await using ProbeServer server = await ServeAsync(ClientCertificates.Ignored, time);
        using var before = new RpcChannel(Secure(server), new RpcChannelOptions { Tls = Anonymous(_certificates) });
        await using DuplexCall<ProbeRequest, ProbeReply> open = await before.DuplexAsync(ProbeMethods.Chat, cancellation: TestContext.Current.CancellationToken);
        await open.WriteAsync(new ProbeRequest());
        Assert.NotNull(await open.ReadAsync());

        LoopbackCertificates renewed = LoopbackCertificates.Create(_otherFolder.Path, TimeProvider.System);
        Replace(renewed);
        time.Advance(TimeSpan.FromSeconds(2));

        using var after = new RpcChannel(Secure(server), new RpcChannelOptions { Tls = Anonymous(renewed) });
        Assert.Equal(StatusCode.Ok, await CallAsync(after));
        await open.WriteAsync(new ProbeRequest());
        Assert.NotNull(await open.ReadAsync());
    }

    /// <summary>Two certificates issued within one tick of the file system's clock.</summary>
    [Fact]
    public async Task ChangedCertificate_OfTheSameTimeAndLength_IsServed()
    {
        var time = new ManualTime();
        LoopbackCertificates renewed = LoopbackCertificates.Create(_otherFolder.Path, TimeProvider.System);
        foreach (string path in new[] { _certificates.Server, _certificates.ServerKey, renewed.Server, renewed.ServerKey })
        {
            const int Longer = 4096;
            string pem = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(path, pem.PadRight(Longer, '\n'), TestContext.Current.CancellationToken);
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        }
        await using ProbeServer server = await ServeAsync(ClientCertificates.Ignored, time);

        Replace(renewed);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(_certificates.Server));
        time.Advance(TimeSpan.FromSeconds(2));

        using var after = new RpcChannel(Secure(server), new RpcChannelOptions { Tls = Anonymous(renewed) });
        Assert.Equal(StatusCode.Ok, await CallAsync(after));
    }

    [Fact]
    public async Task UnreadableCertificate_KeepsThePreviousOneInUse()
    {
        var time = new ManualTime();
        string authority = Path.Combine(_otherFolder.Path, "authority-of-the-first.pem");
        File.Copy(_certificates.Authority, authority);
        await using ProbeServer server = await ServeAsync(ClientCertificates.Ignored, time);
        await File.WriteAllTextAsync(_certificates.ServerKey, "no key", TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(2));
        using var channel = new RpcChannel(Secure(server), new RpcChannelOptions { Tls = new ClientTlsOptions { AuthorityPath = authority, ServerName = "localhost" } });
        Assert.Equal(StatusCode.Ok, await CallAsync(channel));
        Assert.Contains(server.Log.Lines, line => line.Contains("cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public void AskingForClientCertificatesOfNoAuthority_IsRefusedAtStart() =>
        Assert.Throws<ArgumentException>(() => new TlsOptions { CertificatePath = "c", KeyPath = "k", ClientCertificates = ClientCertificates.Required }.Validate());

    private Task<ProbeServer> ServeAsync(ClientCertificates wanted, TimeProvider? time = null) => ProbeServer.StartAsync(new RpcServerOptions
    {
        Time = time ?? TimeProvider.System,
        Tls = new TlsOptions
        {
            CertificatePath = _certificates.Server,
            KeyPath = _certificates.ServerKey,
            ClientCertificates = wanted,
            ClientAuthorityPath = wanted == ClientCertificates.Ignored ? null : _certificates.Authority,
        },
    });

    private void Replace(LoopbackCertificates renewed)
    {
        // As a renewal tool does it: each file written aside and renamed.
        foreach ((string from, string to) in new[] { (renewed.Server, _certificates.Server), (renewed.ServerKey, _certificates.ServerKey) })
        {
            File.Copy(from, to + ".new");
            File.Move(to + ".new", to, overwrite: true);
        }
    }

    private static Uri Secure(ProbeServer server) => new($"https://127.0.0.1:{server.Port}");

    private static ClientTlsOptions Anonymous(LoopbackCertificates certificates) => new() { AuthorityPath = certificates.Authority, ServerName = "localhost" };

    private static ClientTlsOptions WithCertificate(LoopbackCertificates certificates) =>
        Anonymous(certificates) with { CertificatePath = certificates.Client, KeyPath = certificates.ClientKey };

    private static async Task<StatusCode> CallAsync(RpcChannel channel)
    {
        try
        {
            await channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), new CallOptions { Retry = RetryPolicy.None }, TestContext.Current.CancellationToken);
            return StatusCode.Ok;
        }
        catch (RpcException ended)
        {
            return ended.Code;
        }
    }
}
