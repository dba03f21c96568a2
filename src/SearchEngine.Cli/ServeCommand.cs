using System.Collections;
using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SearchEngine.Cli.Remote;
using SearchEngine.Rpc.Operations;
using SearchEngine.Server;
using SearchEngine.Server.Configuration;

namespace SearchEngine.Cli;

/// <summary><c>serve</c>: the search process in the foreground, until it is told to stop. Every setting is a flag, a variable and a key of the file.</summary>
internal static class ServeCommand
{
    private const string ServiceName = "searchengine.search";

    private static readonly Option<string?> Config = new("--config") { Description = "JSON file with settings; variables (SEARCHENGINE_…) and flags go before it." };
    private static readonly Option<bool> PrintConfig = new("--print-config") { Description = "Shows what is in force and where it came from, and ends." };
    private static readonly Dictionary<Setting, Option<string[]>> Flags = ServeSettings.All.ToDictionary(static setting => setting, FlagOf);

    private static readonly Option<bool> Json = new("--json") { Description = "Addresses, and what --print-config shows, as JSON objects; errors, too. For the log, --log-format json." };

    public static Command Create()
    {
        var command = new Command(
            "serve",
            """
            Serves the search API over gRPC until SIGTERM or Ctrl-C.

            Examples:
              searchengine serve --data ./searchengine-data --encoder 127.0.0.1:7701
              searchengine serve --config search.json --print-config
            """)
        {
            Config, PrintConfig, Json,
        };
        foreach (Option<string[]> flag in Flags.Values) command.Options.Add(flag);
        command.SetAction((parsed, cancel) =>
        {
            OutputForm form = parsed.GetValue(Json) ? OutputForm.Json : OutputForm.Text;
            return Failures.ReportAsync("serve", form, CancellationToken.None, () => RunAsync(parsed, form, cancel));
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, OutputForm form, CancellationToken cancellation)
    {
        ServeConfiguration configuration = ServeConfiguration.Load(parsed.GetValue(Config), Environment(), Given(parsed));
        if (parsed.GetValue(PrintConfig))
        {
            Print(configuration, form);
            return ExitCode.Ok;
        }
        using TelemetryExport? export = TelemetryExport.StartIfAsked(ServiceName, typeof(SearchServer).Assembly.GetName().Version?.ToString() ?? "");
        await using SearchServer server = await StartAsync(configuration);
        Say(form, $"searchengine serves gRPC on {server.Rpc.EndPoint}", new { grpc = $"{server.Rpc.EndPoint}" });
        if (server.OperationsEndPoint is { } operations)
            Say(form, $"searchengine serves metrics on http://{operations}/metrics", new { operations = $"{operations}" });
        await server.Rpc.WaitForShutdownAsync(cancellation);
        return ExitCode.Ok;
    }

    private static async Task<SearchServer> StartAsync(ServeConfiguration configuration)
    {
        try
        {
            return await SearchServer.StartAsync(configuration.Server, configuration.Rpc, logs => Logs(logs, configuration));
        }
        catch (ArgumentException wrong)
        {
            // Of the options, which are checked together there.
            throw UsageException.Of(wrong);
        }
    }

    private static void Print(ServeConfiguration configuration, OutputForm form)
    {
        foreach (ConfiguredValue value in configuration.Values)
        {
            Say(form, $"{value.Setting.Key} = {string.Join(", ", value.Values)}  # {value.Source}",
                new { key = value.Setting.Key, values = value.Values, source = value.Source });
        }
    }

    private static void Say(OutputForm form, string text, object value) =>
        Console.WriteLine(form == OutputForm.Json ? JsonSerializer.Serialize(value) : text);

    private static void Logs(ILoggingBuilder logs, ServeConfiguration configuration)
    {
        logs.SetMinimumLevel(configuration.LogLevel);
        if (configuration.LogFormat == LogFormat.Json) logs.AddJsonConsole();
        else logs.AddSimpleConsole(console => console.SingleLine = true);
    }

    // A flag without a value, as in --insecure, says true.
    private static Dictionary<string, IReadOnlyList<string>> Given(ParseResult parsed) => Flags
        .Where(flag => parsed.GetResult(flag.Value) is { Implicit: false })
        .ToDictionary(
            static flag => flag.Key.Key,
            flag => (IReadOnlyList<string>)(parsed.GetValue(flag.Value) is { Length: > 0 } values ? values : ["true"]), StringComparer.Ordinal);

    private static Dictionary<string, string> Environment() => System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(static entry => (string)entry.Key, static entry => (string?)entry.Value ?? "", StringComparer.Ordinal);

    private static Option<string[]> FlagOf(Setting setting) => new(setting.Flag)
    {
        Arity = setting.IsList ? ArgumentArity.OneOrMore : setting.Default is "false" ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        Description = setting.Default is null ? setting.Description : $"{setting.Description} [default: {setting.Default}]",
        HelpName = "value",
        CustomParser = static given => [.. given.Tokens.Select(static token => token.Value)],
    };
}
