using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Robustness;

/// <summary>A certificate that is renewed while clients call and connect: nobody is turned away.</summary>
public sealed class CertificateReloadTests : IDisposable
{
    private const int Renewals = 3;

    /// <summary>Far more looks than a renewal takes to be served; every one is a TLS handshake, so they are not for free.</summary>
    private const int MostLooks = 300;

    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Certificates_are_renewed_under_load_without_a_failed_call()
    {
        LoopbackCertificates[] issued = [.. Enumerable.Range(0, Renewals + 1).Select(Issue)];
        string certificate = _folder.File("served.pem");
        string key = _folder.File("served.key");
        Replace(issued[0], certificate, key);
        string trusted = _folder.File("trusted.pem");
        await File.WriteAllTextAsync(trusted, string.Join('\n', issued.Select(static i => File.ReadAllText(i.Authority))), TestContext.Current.CancellationToken);
        await using RunningServer server = await RunningServer.StartAsync(new TlsOptions { CertificatePath = certificate, KeyPath = key });
        using RpcChannel old = Connect(server, trusted);
        await new Api(old).CreateAsync("docs");
        await new Api(old).UpsertAsync("docs", Api.Point(1), Api.Point(2));
        using var stop = new CancellationTokenSource();
        Task<int>[] callers = [CallAsync(old, stop.Token), CallAsync(old, stop.Token), CallAnewAsync(server, trusted, stop.Token)];

        try
        {
            foreach (LoopbackCertificates renewed in issued[1..])
            {
                Replace(renewed, certificate, key);
                await ServedAsync(server, renewed);
            }
        }
        finally
        {
            await stop.CancelAsync();
        }
        Assert.All(await Task.WhenAll(callers), static calls => Assert.True(calls > 0, "a caller never came through"));
    }

    private LoopbackCertificates Issue(int number)
    {
        string folder = _folder.File($"issued-{number}");
        Directory.CreateDirectory(folder);
        return LoopbackCertificates.Create(folder, TimeProvider.System);
    }

    // As a renewal tool does it: each file written aside and renamed.
    private static void Replace(LoopbackCertificates renewed, string certificate, string key)
    {
        foreach ((string from, string to) in new[] { (renewed.Server, certificate), (renewed.ServerKey, key) })
        {
            File.Copy(from, to + ".new");
            File.Move(to + ".new", to, overwrite: true);
        }
    }

    /// <summary>Waits until new connections see the certificate: files are looked at once a second at most.</summary>
    private static async Task ServedAsync(RunningServer server, LoopbackCertificates renewed)
    {
        string last = "";
        for (int look = 0; look < MostLooks; look++)
        {
            using RpcChannel late = Connect(server, renewed.Authority);
            try
            {
                Assert.Equal(2ul, await new Api(late).CountAsync("docs"));
                return;
            }
            catch (Rpc.RpcException refused) when (refused.Code == Rpc.StatusCode.Unavailable)
            {
                last = refused.ToString();
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
        Assert.Fail($"new connections never saw the renewed certificate; the last of them: {last}");
    }

    private static async Task<int> CallAsync(RpcChannel channel, CancellationToken stop)
    {
        await Task.Yield();
        int calls = 0;
        for (; !stop.IsCancellationRequested; calls++)
        {
            Assert.Equal(2ul, await new Api(channel).CountAsync("docs"));
        }
        return calls;
    }

    /// <summary>A connection for every call.</summary>
    private static async Task<int> CallAnewAsync(RunningServer server, string authority, CancellationToken stop)
    {
        await Task.Yield();
        int calls = 0;
        for (; !stop.IsCancellationRequested; calls++)
        {
            using RpcChannel fresh = Connect(server, authority);
            Assert.Equal(2ul, await new Api(fresh).CountAsync("docs"));
        }
        return calls;
    }

    private static RpcChannel Connect(RunningServer server, string authority) => new(server.Address, new RpcChannelOptions
    {
        Tls = new ClientTlsOptions { AuthorityPath = authority, ServerName = "localhost" },
        Retry = RetryPolicy.None,
    });
}
