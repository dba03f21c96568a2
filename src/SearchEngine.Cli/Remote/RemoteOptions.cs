using System.CommandLine;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Cli.Remote;

/// <summary>The options of every command that talks to a server.</summary>
internal sealed class RemoteOptions
{
    public const string DefaultServer = "127.0.0.1:7700";

    private const string KeyVariable = "SEARCHENGINE_KEY";
    private const string ServerVariable = "SEARCHENGINE_SERVER";
    private const double LongestTimeout = 86_400;

    private readonly Option<string> _server = new("--server")
    {
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } named ? named : DefaultServer,
        Description = $"Search server as host:port, or https://host:port. Also {ServerVariable}.",
    };

    private readonly Option<string?> _keyFile = new("--key-file") { Description = $"File with the API key in its first line. Also {KeyVariable}, which holds the key itself." };
    private readonly Option<string?> _authority = new("--tls-ca") { Description = "PEM file with the authority to trust instead of the machine's." };

    private readonly Option<double> _timeout = new("--timeout")
    {
        DefaultValueFactory = _ => 60,
        Description = "Seconds that one call may take. Imports, exports and long operations have no limit.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "JSON instead of tables; errors, too, as one JSON object on standard error." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_server, _keyFile, _authority, _timeout, _json])
        {
            command.Options.Add(option);
        }
    }

    public OutputForm Form(ParseResult parsed) => parsed.GetValue(_json) ? OutputForm.Json : OutputForm.Text;

    public Uri Address(ParseResult parsed) => ServerAddress.Parse(parsed.GetRequiredValue(_server), _server.Name);

    public TimeSpan Timeout(ParseResult parsed)
    {
        double seconds = parsed.GetValue(_timeout);
        return seconds is > 0 and <= LongestTimeout
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"--timeout: {seconds} is no time; it has to be above 0 and at most {LongestTimeout} seconds.");
    }

    /// <exception cref="UsageException">An option makes no sense.</exception>
    public RpcChannelOptions Channel(ParseResult parsed) => new()
    {
        Tls = new ClientTlsOptions { AuthorityPath = parsed.GetValue(_authority) },
        Headers = Key(parsed) is { } key ? new Metadata { { "authorization", $"Bearer {key}" } } : null,
    };

    private string? Key(ParseResult parsed)
    {
        if (parsed.GetValue(_keyFile) is { } file)
        {
            return File.ReadLines(file).FirstOrDefault()?.Trim() is { Length: > 0 } first
                ? first
                : throw new UsageException($"--key-file: {file} has no key in its first line.");
        }
        return Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } set ? set : null;
    }
}
