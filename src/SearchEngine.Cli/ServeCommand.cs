using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SearchEngine.Rpc.Server;
using SearchEngine.Server;

namespace SearchEngine.Cli;

/// <summary><c>serve</c>: the search process in the foreground, until it is told to stop.</summary>
internal static class ServeCommand
{
    private const int DefaultPort = 7700;

    private static readonly Option<string> Data = new("--data")
    {
        DefaultValueFactory = _ => "./searchengine-data",
        Description = "Directory of the collections; made if missing. One process at a time opens it.",
    };

    private static readonly Option<string?> Backups = new("--backups") { Description = "Directory that snapshots may be copied to and restored from." };
    private static readonly Option<string[]> Encoders = new("--encoder")
    {
        DefaultValueFactory = _ => [],
        Description = "Encoder process as host:port (or https://host:port); may be given several times. Without one, only vectors are searched.",
    };

    private static readonly Option<string> Host = new("--host") { DefaultValueFactory = _ => "127.0.0.1", Description = "IP address to listen on." };
    private static readonly Option<int> Port = new("--port") { DefaultValueFactory = _ => DefaultPort, Description = "Port to listen on; 0 takes a free one." };
    private static readonly Option<string?> Certificate = new("--tls-cert") { Description = "PEM file with the server's certificate; serves TLS. Read again when it changes." };
    private static readonly Option<string?> Key = new("--tls-key") { Description = "PEM file with the certificate's unencrypted private key." };
    private static readonly Option<string?> ClientAuthority = new("--tls-client-ca") { Description = "PEM file; clients have to show a certificate from this authority." };
    private static readonly Option<double> Drain = new("--drain-seconds") { DefaultValueFactory = _ => 5, Description = "How long calls in progress may go on after SIGTERM." };

    public static Command Create()
    {
        var command = new Command("serve", "Serves the search API over gRPC until SIGTERM or Ctrl-C.")
        {
            Data, Backups, Encoders, Host, Port, Certificate, Key, ClientAuthority, Drain,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            await using SearchServer server = await SearchServer.StartAsync(
                new SearchServerOptions
                {
                    DataDirectory = parsed.GetRequiredValue(Data),
                    BackupDirectory = parsed.GetValue(Backups),
                    Encoders = [.. parsed.GetRequiredValue(Encoders).Select(Address)],
                },
                Options(parsed), logs => logs.AddSimpleConsole(console => console.SingleLine = true));
            Console.WriteLine($"searchengine serves gRPC on {server.Rpc.EndPoint}");
            await server.Rpc.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception wrong) when (wrong is ArgumentException or IOException or SocketException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            await Console.Error.WriteLineAsync($"searchengine serve: {wrong.Message}");
            return 1;
        }
    }

    private static RpcServerOptions Options(ParseResult parsed)
    {
        string host = parsed.GetRequiredValue(Host);
        if (!IPAddress.TryParse(host, out IPAddress? address)) throw new ArgumentException($"--host: '{host}' is no IP address; 0.0.0.0 listens on all of them.");
        int port = parsed.GetRequiredValue(Port);
        if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort) throw new ArgumentException($"--port: {port} is no port; ports are 0 to {IPEndPoint.MaxPort}.");
        return new RpcServerOptions
        {
            Listen = new IPEndPoint(address, port),
            DrainTime = TimeSpan.FromSeconds(parsed.GetRequiredValue(Drain)),
            Tls = Tls(parsed),
        };
    }

    private static Uri Address(string encoder) =>
        Uri.TryCreate(encoder.Contains("://", StringComparison.Ordinal) ? encoder : $"http://{encoder}", UriKind.Absolute, out Uri? address)
        && address is { Scheme: "http" or "https", Port: > 0, AbsolutePath: "/" }
            ? address
            : throw new ArgumentException($"--encoder: '{encoder}' is no host:port.");

    private static TlsOptions? Tls(ParseResult parsed)
    {
        (string? certificate, string? key, string? authority) = (parsed.GetValue(Certificate), parsed.GetValue(Key), parsed.GetValue(ClientAuthority));
        if (certificate is null && key is null && authority is null) return null;
        if (certificate is null || key is null) throw new ArgumentException("--tls-cert and --tls-key only work together, and --tls-client-ca needs both.");
        return new TlsOptions
        {
            CertificatePath = certificate,
            KeyPath = key,
            ClientAuthorityPath = authority,
            ClientCertificates = authority is null ? ClientCertificates.Ignored : ClientCertificates.Required,
        };
    }
}
