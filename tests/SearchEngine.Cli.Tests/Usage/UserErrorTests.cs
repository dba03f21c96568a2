using System.CommandLine;
using System.Text.Json;
using SearchEngine.Testing;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Cli.Tests.Usage;

/// <summary>What a user can do wrong ends with the promised exit code and a message, never with a stack trace.</summary>
public sealed class UserErrorTests
{
    private const int Failed = 1, Usage = 2;

    /// <summary>Commands that serve for others; what they print is for people who watch, and they have --json for the rest.</summary>
    private static readonly string[] WithoutJson = ["completion"];

    public static TheoryData<string> Leaves => [.. LeavesOf(CommandTree.Create(), "").Select(static leaf => leaf.Path)];

    [Theory]
    [MemberData(nameof(Leaves))]
    public void Every_command_shows_an_example_and_speaks_JSON(string path)
    {
        Command command = LeavesOf(CommandTree.Create(), "").Single(leaf => leaf.Path == path).Command;
        Assert.True(command.Description?.Contains($"searchengine {path}", StringComparison.Ordinal), $"`searchengine {path} --help` has no example.");
        if (WithoutJson.Contains(path)) return;
        Assert.True(command.Options.Any(static o => o.Name == "--json"), $"`searchengine {path}` has no --json.");
    }

    [Theory]
    [MemberData(nameof(Leaves))]
    public async Task An_option_that_does_not_exist_ends_with_2(string path)
    {
        // Taken for the first argument where a command has one; then there are too many, or others are missing.
        CliRun run = await CliRun.OfAsync(TestContext.Current.CancellationToken, [.. path.Split(' '), "--no-such-option", "1", "2", "3", "4"]);
        Assert.True(run.Code == Usage, run.Both);
        AssertNoTrace(run);
    }

    [Theory]
    [InlineData(Usage, "serve --port 70000")]
    [InlineData(Usage, "serve --config {broken}")]
    [InlineData(Failed, "serve --port 0 --data {file}/below")]
    [InlineData(Usage, "encode --port 70000")]
    [InlineData(Usage, "encode --port 0 --executors 0")]
    [InlineData(Usage, "encode --port 0 --providers abacus")]
    [InlineData(Failed, "encode --port 0 --model {empty}")]
    [InlineData(Usage, "demo --port 99999")]
    [InlineData(Failed, "demo --exit --port 0 --data {file}/below")]
    [InlineData(Failed, "check --data {absent}")]
    [InlineData(Usage, "keys create me --file {broken} --permission read")]
    [InlineData(Usage, "keys create me --file {absent} --permission fly")]
    [InlineData(Failed, "model inspect {empty}")]
    [InlineData(Failed, "model evaluate {empty} --collection {empty}")]
    [InlineData(Failed, "train --corpus {absent} --out {out}")]
    [InlineData(Failed, "train --corpus {broken} --out {out}")]
    [InlineData(Failed, "train --corpus {void} --out {out}")]
    [InlineData(Usage, "train --corpus {broken} --out {out} --dim 7")]
    [InlineData(Usage, "train --corpus {broken} --out {out} --minutes -1")]
    [InlineData(Failed, "mine-negatives --corpus {broken} --encoder {empty} --out {out}")]
    [InlineData(Usage, "mine-negatives --corpus {broken} --encoder {empty} --out {out} --negatives -3")]
    [InlineData(Usage, "completion tcsh")]
    [InlineData(Failed, "collection list --server 127.0.0.1:1")]
    [InlineData(Usage, "collection list --timeout 0")]
    [InlineData(Failed, "collection list --key-file {absent}")]
    [InlineData(Failed, "collection list --server https://127.0.0.1:1 --tls-ca {broken}")]
    [InlineData(Failed, "import {absent} -c x")]
    [InlineData(Failed, "import {file} -c x")]
    public async Task A_mistake_ends_with_the_promised_code_and_a_message(int code, string line)
    {
        using var folder = new TempDirectory();
        CliRun run = await CliRun.OfAsync(TestContext.Current.CancellationToken, Words(line, folder));
        Assert.True(run.Code == code, $"`{line}` ends with {run.Code} instead of {code}:\n{run.Both}");
        Assert.True(run.Both.Trim().Length > 0, $"`{line}` says nothing.");
        AssertNoTrace(run);
        Assert.False(Path.Exists(folder.File("out")), $"`{line}` failed and left a file behind.");
    }

    [Theory]
    [InlineData("import {brokenjsonl} -c x --create", "line 1")]
    [InlineData("import {brokennpy} -c x --create", "broken.npy")]
    [InlineData("import {brokenfbin} -c x --create", "broken.fbin")]
    [InlineData("collection create x {broken}", "CollectionConfig")]
    [InlineData("search x -c absent -f no-operator", "--filter")]
    public async Task A_broken_file_or_word_is_named_by_commands_that_reached_a_server(string line, string named)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var folder = new TempDirectory();
        using ServeProcess serve = await ServeProcess.StartAsync(cancellation);
        CliRun run = await CliRun.OfAsync(cancellation, [.. Words(line, folder), "--server", serve.Target]);
        Assert.True(run.Code is Failed or Usage, $"`{line}` ends with {run.Code}:\n{run.Both}");
        Assert.True(run.Errors.Contains(named, StringComparison.Ordinal) || run.Errors.Contains("COLLECTION_UNKNOWN", StringComparison.Ordinal), $"`{line}` does not name {named}:\n{run.Both}");
        AssertNoTrace(run);
    }

    [Theory]
    [InlineData("train --corpus {absent} --out {out}")]
    [InlineData("keys create me --file {broken} --permission read")]
    [InlineData("serve --port 70000")]
    [InlineData("encode --port 70000")]
    [InlineData("model evaluate {empty} --collection {empty}")]
    [InlineData("mine-negatives --corpus {broken} --encoder {empty} --out {out}")]
    public async Task With_json_an_error_is_one_object_on_standard_error(string line)
    {
        using var folder = new TempDirectory();
        CliRun run = await CliRun.OfAsync(TestContext.Current.CancellationToken, [.. Words(line, folder), "--json"]);
        Assert.True(run.Code != 0 && run.Output.Length == 0, run.Both);
        using var error = JsonDocument.Parse(run.Errors);
        Assert.NotEmpty(error.RootElement.GetProperty("error").GetProperty("message").GetString()!);
    }

    private static string[] Words(string line, TempDirectory folder)
    {
        string broken = folder.File("broken.json");
        File.WriteAllText(broken, "\u007fELF, say");
        File.WriteAllText(folder.File("file"), "");
        foreach (string ending in (string[])["jsonl", "npy", "fbin"]) File.Copy(broken, folder.File($"broken.{ending}"));
        Directory.CreateDirectory(folder.File("empty"));
        return
        [
            .. line.Split(' ').Select(word => word
                .Replace("{broken}", broken, StringComparison.Ordinal)
                .Replace("{brokenjsonl}", folder.File("broken.jsonl"), StringComparison.Ordinal)
                .Replace("{brokennpy}", folder.File("broken.npy"), StringComparison.Ordinal)
                .Replace("{brokenfbin}", folder.File("broken.fbin"), StringComparison.Ordinal)
                .Replace("{file}", folder.File("file"), StringComparison.Ordinal)
                .Replace("{void}", folder.File("file"), StringComparison.Ordinal)
                .Replace("{empty}", folder.File("empty"), StringComparison.Ordinal)
                .Replace("{absent}", folder.File("absent"), StringComparison.Ordinal)
                .Replace("{out}", folder.File("out"), StringComparison.Ordinal)),
        ];
    }

    private static void AssertNoTrace(CliRun run) =>
        Assert.False(run.Both.Contains("   at ", StringComparison.Ordinal) || run.Both.Contains("Unhandled exception", StringComparison.Ordinal), $"A stack trace for a mistake of the user:\n{run.Both}");

    private static IEnumerable<(string Path, Command Command)> LeavesOf(Command command, string path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(child => LeavesOf(child, path.Length == 0 ? child.Name : $"{path} {child.Name}"));
}
