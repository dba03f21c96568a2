using System.CommandLine;
using System.Text.Json;
using SearchEngine.Cli.Remote;
using SearchEngine.Server.Security;

namespace SearchEngine.Cli;

/// <summary><c>keys create</c>: makes an API key, prints it once, and appends its hash to the key file.</summary>
internal static class KeysCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "Name of the caller in logs, metrics and errors." };
    private static readonly Option<string> File = new("--file") { Required = true, Description = "Key file; made if missing. A running server reads it again by itself." };

    private static readonly Option<string[]> Permissions = new("--permission")
    {
        Required = true,
        AllowMultipleArgumentsPerToken = true,
        Description = "read (search, get, count, scroll), write (points), admin (collections and the server); several are possible.",
    };

    private static readonly Option<string[]> Collections = new("--collection")
    {
        DefaultValueFactory = _ => [],
        AllowMultipleArgumentsPerToken = true,
        Description = "Collection the key may use, or the beginning of names with a '*' behind it. Default: all. Others do not exist for it.",
    };

    private static readonly Option<string?> Filter = new("--filter") { Description = "JSON of a Filter that is added to everything the key reads and writes." };
    private static readonly Option<string?> Certificate = new("--certificate") { Description = "Subject of a client certificate that stands for the key, as in CN=ingest." };

    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object instead of the key alone." };

    public static Command Create()
    {
        var create = new Command(
            "create",
            """
            Makes a key. It is shown once and stored nowhere; the file holds its hash.

            Example:
              searchengine keys create shop --file keys.json --permission read --collection "shop-*"
            """)
        {
            Name, File, Permissions, Collections, Filter, Certificate, Json,
        };
        create.SetAction((parsed, cancel) =>
        {
            OutputForm form = parsed.GetValue(Json) ? OutputForm.Json : OutputForm.Text;
            return Failures.ReportAsync("keys create", form, cancel, () => Task.FromResult(Run(parsed, form)));
        });
        return new Command("keys", "API keys of the search server.") { create };
    }

    private static int Run(ParseResult parsed, OutputForm form)
    {
        string name = parsed.GetRequiredValue(Name), file = parsed.GetRequiredValue(File);
        string key = KeyFile.Add(file, new NewKey
        {
            Name = name,
            Permissions = parsed.GetRequiredValue(Permissions),
            Collections = parsed.GetRequiredValue(Collections),
            Filter = parsed.GetValue(Filter),
            Certificate = parsed.GetValue(Certificate),
        });
        Console.WriteLine(form == OutputForm.Json ? JsonSerializer.Serialize(new { name, file = Path.GetFullPath(file), key }) : key);
        return ExitCode.Ok;
    }
}
