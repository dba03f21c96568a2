using SearchEngine.Testing;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Cli.Tests.Usage;

/// <summary>What <c>completion bash</c> prints, in a bash.</summary>
public sealed class CompletionTests
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("searchengine co", "collection completion")]
    [InlineData("searchengine import rows.jsonl --cr", "--create")]
    [InlineData("searchengine completion z", "zsh")]
    public async Task Bash_completes_commands_options_and_values(string typed, string offered)
    {
        using var folder = new TempDirectory();
        string searchengine = folder.File("searchengine");
        string dotnet = $"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "searchengine.dll")}' \"$@\"";
        await File.WriteAllTextAsync(searchengine, $"#!/bin/sh\n{dotnet}\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(searchengine, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string script =
            $$"""
            PATH='{{folder.Path}}':$PATH
            source <(searchengine completion bash)
            COMP_LINE='{{typed}}'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=({{typed}}); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            _searchengine
            echo "${COMPREPLY[*]}"
            """;

        ProcessOutput? run = await ChildProcess.RunAsync("bash", ["-c", script], Watchdog);

        if (run is null) Assert.Skip("bash is missing.");
        Assert.True(run.ExitCode == 0 && run.Output.Trim() == offered, $"bash offers \"{run.Output.Trim()}\" behind \"{typed}\", not \"{offered}\".\n{run.Errors}");
    }
}
