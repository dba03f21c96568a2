using System.CommandLine;
using SearchEngine.Server.Configuration;
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

    public static Command Create()
    {
        var create = new Command("create", "Makes a key. It is shown once and stored nowhere; the file holds its hash.")
        {
            Name, File, Permissions, Collections, Filter, Certificate,
        };
        create.SetAction(Run);
        return new Command("keys", "API keys of the search server.") { create };
    }

    private static int Run(ParseResult parsed)
    {
        try
        {
            string key = KeyFile.Add(parsed.GetRequiredValue(File), new NewKey
            {
                Name = parsed.GetRequiredValue(Name),
                Permissions = parsed.GetRequiredValue(Permissions),
                Collections = parsed.GetRequiredValue(Collections),
                Filter = parsed.GetValue(Filter),
                Certificate = parsed.GetValue(Certificate),
            });
            Console.WriteLine(key);
            return 0;
        }
        catch (Exception wrong) when (wrong is ConfigurationException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"searchengine keys create: {wrong.Message}");
            return 1;
        }
    }
}
