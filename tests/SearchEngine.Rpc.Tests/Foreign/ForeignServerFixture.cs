using SearchEngine.Rpc.Interop;
using SearchEngine.Rpc.Server;
using SearchEngine.Testing;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Rpc.Tests.Foreign;

/// <summary>
/// The interoperability server in this process, cleartext and with TLS that demands a client certificate. Each foreign
/// client runs once against each of them, when the first test asks; all its scenarios are then rows of that run.
/// </summary>
public sealed class ForeignServerFixture : IAsyncLifetime
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _folder = new();
    private readonly Dictionary<string, Lazy<Task<ForeignReport>>> _clear = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Lazy<Task<ForeignReport>>> _tls = new(StringComparer.Ordinal);
    private LoopbackCertificates? _certificates;
    private RpcServer? _server;
    private RpcServer? _tlsServer;

    public async ValueTask InitializeAsync()
    {
        _certificates = LoopbackCertificates.Create(_folder.Path, TimeProvider.System);
        _server = await InteropServer.StartAsync(0);
        _tlsServer = await InteropServer.StartAsync(0, new TlsOptions
        {
            CertificatePath = _certificates.Server,
            KeyPath = _certificates.ServerKey,
            ClientCertificates = ClientCertificates.Required,
            ClientAuthorityPath = _certificates.Authority,
        });
        foreach (string language in ForeignScenarios.Languages)
        {
            _clear[language] = new(() => RunAsync(language, ["--all", .. Address(_server)]));
            _tls[language] = new(() => RunAsync(language, ["--all", .. TlsAddress(), .. ClientCertificate()]));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_tlsServer is not null) await _tlsServer.DisposeAsync();
        _folder.Dispose();
    }

    internal Task<ForeignReport> ClearAsync(string language) => _clear[language].Value;

    internal Task<ForeignReport> TlsAsync(string language) => _tls[language].Value;

    /// <summary>A client that trusts the server but shows no certificate of its own.</summary>
    internal Task<ForeignReport> AnonymousAsync(string language) =>
        RunAsync(language, ["--test_case=empty_unary", .. TlsAddress()]);

    /// <summary>Waits until no call is left on either server; false if some never end.</summary>
    internal async Task<bool> BecomesIdleAsync()
    {
        using var watchdog = new CancellationTokenSource(Watchdog);
        while (_server!.ActiveCallCount + _tlsServer!.ActiveCallCount > 0)
        {
            if (watchdog.IsCancellationRequested) return false;
            await Task.Delay(20, CancellationToken.None);
        }
        return true;
    }

    private static async Task<ForeignReport> RunAsync(string language, string[] arguments) =>
        await ForeignReport.RunAsync(await ForeignTools.ProgramAsync(language, "interop_client"), arguments);

    private static string[] Address(RpcServer server) => ["--server_host=127.0.0.1", $"--server_port={server.EndPoint.Port}"];

    private string[] TlsAddress() =>
        [.. Address(_tlsServer!), "--use_tls=true", "--server_host_override=localhost", $"--ca_file={_certificates!.Authority}"];

    private string[] ClientCertificate() =>
        [$"--client_cert_file={_certificates!.Client}", $"--client_key_file={_certificates.ClientKey}"];
}
