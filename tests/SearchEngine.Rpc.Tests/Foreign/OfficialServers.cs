using System.Diagnostics;
using System.Globalization;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Interop;
using SearchEngine.Rpc.Server;
using SearchEngine.Testing;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Rpc.Tests.Foreign;

/// <summary>The same services on official gRPC servers (grpcio, gRPC C++), each a child process, and on ours.</summary>
public sealed class OfficialServers : IAsyncLifetime
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Lazy<Task<Running>>> _servers = new(StringComparer.Ordinal);
    private readonly TempDirectory _folder = new();
    private LoopbackCertificates? _certificates;
    private RpcServer? _own;

    public async ValueTask InitializeAsync()
    {
        _own = await InteropServer.StartAsync(0);
        _servers["searchengine"] = new(() => Task.FromResult(new Running(null, new Uri($"http://127.0.0.1:{_own.EndPoint.Port}"), null)));
        _certificates = LoopbackCertificates.Create(_folder.Path, TimeProvider.System);
        foreach (string language in (string[])["python", "cpp"])
        {
            _servers[language] = new(() => StartAsync(language, "http"));
            _servers[language + "-tls"] = new(() => StartAsync(
                language, "https", "--tls_cert_file", _certificates.Server, "--tls_key_file", _certificates.ServerKey));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null) await _own.DisposeAsync();
        foreach (Lazy<Task<Running>> server in _servers.Values)
        {
            if (!server.IsValueCreated || (await server.Value).Process is not { } process) continue;
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }
        _folder.Dispose();
    }

    /// <summary>A client of one of the servers; skips the test when that server cannot be run here.</summary>
    internal async Task<OwnClient> ConnectAsync(string server)
    {
        Running running = await _servers[server].Value;
        ForeignTools.Require(running.Missing);
        return new OwnClient(running.Address!, new ClientTlsOptions { AuthorityPath = _certificates!.Authority });
    }

    /// <summary>A client that trusts only what the machine trusts.</summary>
    internal async Task<OwnClient> ConnectDistrustingAsync(string server)
    {
        Running running = await _servers[server].Value;
        ForeignTools.Require(running.Missing);
        return new OwnClient(running.Address!, new ClientTlsOptions());
    }

    private static async Task<Running> StartAsync(string language, string scheme, params string[] arguments)
    {
        ForeignCommand command = await ForeignTools.ProgramAsync(language, "interop_server");
        if (command.Missing is not null) return new Running(null, null, command.Missing);
        Process process = ChildProcess.TryStart(command.Program, [.. command.Arguments, "--port", "0", .. arguments])
            ?? throw new InvalidOperationException($"{command.Program} disappeared.");
        string? line = await process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(StartTime);
        if (line?.Split(' ') is not ["LISTENING", var port])
        {
            throw new InvalidOperationException($"The {language} server did not start: {line} {await process.StandardError.ReadToEndAsync(CancellationToken.None)}");
        }
        // Nobody reads what it says from here on, and a full pipe would stop it.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        return new Running(process, new Uri($"{scheme}://localhost:{int.Parse(port, CultureInfo.InvariantCulture)}"), null);
    }

    private sealed record Running(Process? Process, Uri? Address, string? Missing);
}
