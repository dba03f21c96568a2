using SearchEngine.Server.Configuration;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Server.Tests.Configuration;

/// <summary>The reference of the settings is the table that the settings make.</summary>
public sealed class ConfigurationReferenceTests
{
    [Fact]
    public void The_reference_lists_every_setting_as_it_is()
    {
        string reference = File.ReadAllText(Path.Combine(ChildProcess.RepositoryRoot, "src", "SearchEngine.Server", "Configuration", "README.md"));
        string table = string.Concat(ServeSettings.All.Select(Row));
        Assert.True(
            reference.Contains($"|---|---|---|---|\n{table}\n", StringComparison.Ordinal),
            $"The table in src/SearchEngine.Server/Configuration/README.md is not that of ServeSettings, which is\n{table}");
    }

    private static string Row(Setting setting) =>
        $"| `{setting.Key}` | `{setting.Flag}` | {(setting.Default is null ? "" : $"`{setting.Default}`")} | {setting.Description} |\n";
}
