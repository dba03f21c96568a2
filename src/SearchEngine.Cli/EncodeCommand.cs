using System.CommandLine;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SearchEngine.Cli.Remote;
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

    private static readonly Option<bool> Json = new("--json") { Description = "The lines about addresses and readiness as JSON objects; errors, too." };

    public static Command Create()
    {
        var command = new Command(
            "encode",
            """
            Serves the encoder API over gRPC until SIGTERM or Ctrl-C. Ready when every model has passed its self-test.

            Examples:
              searchengine encode
              searchengine encode --model models/ours/encoder --model models/ours/reranker --metrics-port 7781
            """)
        {
            Models, Providers, Library, Executors, Threads, Metrics, Insecure, Json,
        };
        Listen.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            OutputForm form = parsed.GetValue(Json) ? OutputForm.Json : OutputForm.Text;
            return Failures.ReportAsync("encode", form, CancellationToken.None, () => RunAsync(parsed, form, cancel));
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, OutputForm form, CancellationToken cancellation)
    {
        using TelemetryExport? export = TelemetryExport.StartIfAsked("searchengine.encoder", EncoderServer.Version);
        await using EncoderServer server = await StartAsync(parsed);
        Say(form, $"searchengine encodes gRPC on {server.Rpc.EndPoint}", new { grpc = $"{server.Rpc.EndPoint}" });
        if (server.Operations is { } operations)
            Say(form, $"searchengine encode: /metrics, /healthz and /readyz on {operations.EndPoint}", new { operations = $"{operations.EndPoint}" });
        await server.Ready;
        Say(form, "searchengine encode: ready", new { ready = true });
        await server.Rpc.WaitForShutdownAsync(cancellation);
        return ExitCode.Ok;
    }

    private static async Task<EncoderServer> StartAsync(ParseResult parsed)
    {
        RpcServerOptions door = Door(parsed);
        EncoderServerOptions options = Options(parsed);
        try
        {
            return await EncoderServer.StartAsync(options, door, logs => logs.AddSimpleConsole(console => console.SingleLine = true));
        }
        catch (ArgumentException wrong)
        {
            // Of the options, which are checked together there.
            throw UsageException.Of(wrong);
        }
    }

    private static void Say(OutputForm form, string text, object value) =>
        Console.WriteLine(form == OutputForm.Json ? JsonSerializer.Serialize(value) : text);

    /// <exception cref="UsageException">Whoever reaches the encoder could keep it busy, and nobody has said that they may.</exception>
    private static RpcServerOptions Door(ParseResult parsed)
    {
        RpcServerOptions door = Listen.Read(parsed);
        bool isGuarded = IPAddress.IsLoopback(door.Listen.Address) || door.Tls is { ClientCertificates: ClientCertificates.Required };
        return isGuarded || parsed.GetValue(Insecure)
            ? door
            : throw new UsageException(
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
