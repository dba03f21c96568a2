using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SearchEngine.Encoder;
using SearchEngine.Rpc.Operations;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Cli;

/// <summary><c>encode</c>: the encoder process in the foreground, until it is told to stop.</summary>
internal static class EncodeCommand
{
    private const int DefaultPort = 7701;

    private static readonly Option<string[]> Models = new("--model")
    {
        DefaultValueFactory = _ => [.. DefaultModels.Folders],
        AllowMultipleArgumentsPerToken = true,
        Description = "Model folder, with encoder.json or as downloaded; again for more. The first of each purpose is its default. Without it, the models that come with the engine.",
    };

    private static readonly Option<string[]> Providers = new("--providers")
    {
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => ["cpu"],
        Description = "Execution providers in order of preference: cuda, webgpu, cpu.",
    };

    private static readonly Option<string?> Library = new("--onnxruntime") { Description = "ONNX Runtime's library, or a folder with it." };

    private static readonly Option<int> Executors = new("--executors")
    {
        DefaultValueFactory = _ => Environment.ProcessorCount,
        Description = "Batches that run at once.",
    };

    private static readonly Option<int> Threads = new("--threads") { DefaultValueFactory = _ => 1, Description = "Threads of one batch." };

    private static readonly Option<int?> Metrics = new("--metrics-port")
    {
        Description = "Port on loopback for /metrics (Prometheus), /healthz and /readyz; 0 takes a free one.",
    };

    private static readonly Option<bool> Insecure = new("--insecure")
    {
        Description = "Serve although other machines can connect without showing a certificate.",
    };

    private static readonly ListenOptions Listen = new(DefaultPort);

    public static Command Create()
    {
        var command = new Command("encode", "Serves the encoder API over gRPC until SIGTERM or Ctrl-C. Ready when every model has passed its self-test.")
        {
            Models, Providers, Library, Executors, Threads, Metrics, Insecure,
        };
        Listen.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            using TelemetryExport? export = TelemetryExport.StartIfAsked("searchengine.encoder", EncoderServer.Version);
            await using EncoderServer server = await EncoderServer.StartAsync(
                Options(parsed), Door(parsed), logs => logs.AddSimpleConsole(console => console.SingleLine = true));
            Console.WriteLine($"searchengine encodes gRPC on {server.Rpc.EndPoint}");
            if (server.Operations is { } operations)
                Console.WriteLine($"searchengine encode: /metrics, /healthz and /readyz on {operations.EndPoint}");
            await server.Ready;
            Console.WriteLine("searchengine encode: ready");
            await server.Rpc.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception wrong) when (wrong is EncoderStartException or ArgumentException or IOException or SocketException
            or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            await Console.Error.WriteLineAsync($"searchengine encode: {wrong.Message}");
            return 1;
        }
    }

    /// <exception cref="ArgumentException">Whoever reaches the encoder could keep it busy, and nobody has said that they may.</exception>
    private static RpcServerOptions Door(ParseResult parsed)
    {
        RpcServerOptions door = Listen.Read(parsed);
        bool isGuarded = IPAddress.IsLoopback(door.Listen.Address) || door.Tls is { ClientCertificates: ClientCertificates.Required };
        return isGuarded || parsed.GetValue(Insecure)
            ? door
            : throw new ArgumentException(
                $"--host: the encoder has no keys, and whoever reaches {door.Listen.Address} could keep it busy; "
                + "ask for client certificates with --tls-client-ca, listen on 127.0.0.1, or say --insecure.");
    }

    private static EncoderServerOptions Options(ParseResult parsed) => new()
    {
        Models = parsed.GetRequiredValue(Models),
        Providers = parsed.GetRequiredValue(Providers),
        OnnxRuntimePath = parsed.GetValue(Library),
        Executors = parsed.GetRequiredValue(Executors),
        ThreadsPerExecutor = parsed.GetRequiredValue(Threads),
        Operations = parsed.GetValue(Metrics) is { } port ? new IPEndPoint(IPAddress.Loopback, port) : null,
    };
}
