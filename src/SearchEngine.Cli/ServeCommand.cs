using System.Collections;
using System.CommandLine;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
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

    public static Command Create()
    {
        var command = new Command("serve", "Serves the search API over gRPC until SIGTERM or Ctrl-C.") { Config, PrintConfig };
        foreach (Option<string[]> flag in Flags.Values) command.Options.Add(flag);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            ServeConfiguration configuration = ServeConfiguration.Load(parsed.GetValue(Config), Environment(), Given(parsed));
            if (parsed.GetValue(PrintConfig))
            {
                foreach (ConfiguredValue value in configuration.Values) Console.WriteLine($"{value.Setting.Key} = {string.Join(", ", value.Values)}  # {value.Source}");
                return 0;
            }
            using TelemetryExport? export = TelemetryExport.StartIfAsked(ServiceName, typeof(SearchServer).Assembly.GetName().Version?.ToString() ?? "");
            await using SearchServer server = await SearchServer.StartAsync(configuration.Server, configuration.Rpc, logs => Logs(logs, configuration));
            Console.WriteLine($"searchengine serves gRPC on {server.Rpc.EndPoint}");
            if (server.OperationsEndPoint is { } operations) Console.WriteLine($"searchengine serves metrics on http://{operations}/metrics");
            await server.Rpc.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception wrong) when (wrong is ArgumentException or ConfigurationException or IOException or SocketException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            await Console.Error.WriteLineAsync($"searchengine serve: {wrong.Message}");
            return 1;
        }
    }

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
