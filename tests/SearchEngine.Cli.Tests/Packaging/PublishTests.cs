using SearchEngine.Testing;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Cli.Tests.Packaging;

/// <summary><c>src/packaging/publish</c>: the folder that it leaves works away from the repository.</summary>
public sealed class PublishTests
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task What_is_published_runs_the_check_and_the_demo_from_an_empty_folder()
    {
        using var folder = new TempDirectory();
        string published = folder.File("published"), empty = folder.File("empty");
        Directory.CreateDirectory(empty);
        // The projects below the command line were built with this test. Compiling ahead takes a minute, and is for long runs.
        string[] quick = LongTests.Time is null ? ["-p:BuildProjectReferences=false", "-p:ReadyToRun=false"] : [];

        ProcessOutput? publish = await ChildProcess.RunAsync(
            "sh", [Path.Combine(ChildProcess.RepositoryRoot, "src", "packaging", "publish"), published, .. quick], Watchdog);

        Assert.True(publish is { ExitCode: 0 }, $"Publishing failed:\n{publish?.Both}");
        Assert.False(Directory.Exists(published + ".new"), "The folder that is written aside is still there.");
        ProcessOutput check = await InFolderAsync(empty, published, "check --json");
        Assert.True(check.Output.Contains("\"demo corpus\",\"state\":\"Ok\"", StringComparison.Ordinal), $"The corpus was not published:\n{check.Both}");
        if (check.Output.Contains("\"ONNX Runtime\",\"state\":\"Fails\"", StringComparison.Ordinal)) Assert.Skip("ONNX Runtime's library is not there, which the demo needs.");
        Assert.True(check.ExitCode == 0, $"The published check fails:\n{check.Both}");
        ProcessOutput demo = await InFolderAsync(empty, published, "demo --exit --port 0");
        Assert.True(demo.ExitCode == 0, $"The published demo fails:\n{demo.Both}");
        Assert.Equal(["searchengine-demo"], Directory.GetFileSystemEntries(empty).Select(static entry => Path.GetFileName(entry)));
    }

    [Fact]
    public async Task A_folder_of_somebody_elses_is_not_overwritten()
    {
        using var folder = new TempDirectory();
        string precious = folder.File("precious.txt");
        await File.WriteAllTextAsync(precious, "", TestContext.Current.CancellationToken);

        ProcessOutput? publish = await ChildProcess.RunAsync(
            "sh", [Path.Combine(ChildProcess.RepositoryRoot, "src", "packaging", "publish"), folder.Path], Watchdog);

        Assert.True(publish is { ExitCode: 2 } && publish.Errors.Contains("is not empty", StringComparison.Ordinal), publish?.Both);
        Assert.True(File.Exists(precious), "The file that lay in the folder is gone.");
    }

    private static async Task<ProcessOutput> InFolderAsync(string folder, string published, string arguments) =>
        await ChildProcess.RunAsync("sh", ["-c", $"cd '{folder}' && exec '{published}/searchengine' {arguments}"], Watchdog)
        ?? throw new InvalidOperationException("There is no sh.");
}
