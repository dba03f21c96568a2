using System.CommandLine;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SearchEngine.Server;
using SearchEngine.Server.Configuration;
using SearchEngine.Server.Security;

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

    private static readonly ListenOptions Listen = new(DefaultPort);
    private static readonly Option<string?> Keys = new("--keys") { Description = "Key file (see `searchengine keys create`), read again when it changes. Without one the server listens on loopback only." };
    private static readonly Option<bool> Insecure = new("--insecure") { Description = "Serve without keys although other machines can connect." };

    public static Command Create()
    {
        var command = new Command("serve", "Serves the search API over gRPC until SIGTERM or Ctrl-C.")
        {
            Data, Backups, Encoders, Keys, Insecure,
        };
        Listen.AddTo(command);
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
                    Security = new SecurityOptions { KeyFile = parsed.GetValue(Keys), AllowOpenAccess = parsed.GetValue(Insecure) },
                    Encoders = [.. parsed.GetRequiredValue(Encoders).Select(Address)],
                },
                Listen.Read(parsed), logs => logs.AddSimpleConsole(console => console.SingleLine = true));
            Console.WriteLine($"searchengine serves gRPC on {server.Rpc.EndPoint}");
            await server.Rpc.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception wrong) when (wrong is ArgumentException or ConfigurationException or IOException or SocketException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            await Console.Error.WriteLineAsync($"searchengine serve: {wrong.Message}");
            return 1;
        }
    }

    private static Uri Address(string encoder) =>
        Uri.TryCreate(encoder.Contains("://", StringComparison.Ordinal) ? encoder : $"http://{encoder}", UriKind.Absolute, out Uri? address)
        && address is { Scheme: "http" or "https", Port: > 0, AbsolutePath: "/" }
            ? address
            : throw new ArgumentException($"--encoder: '{encoder}' is no host:port.");
}
