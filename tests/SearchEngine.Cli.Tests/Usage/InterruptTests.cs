using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SearchEngine.Testing;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Cli.Tests.Usage;

/// <summary>Ctrl-C leaves nothing half-written.</summary>
public sealed class InterruptTests
{
    private const int Records = 30_000;
    private const int Elements = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task An_export_that_is_interrupted_leaves_the_file_that_was_there()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var folder = new TempDirectory();
        string rows = folder.File("rows.jsonl"), file = folder.File("out.jsonl");
        await File.WriteAllLinesAsync(rows, Enumerable.Range(0, Records).Select(Row), cancellation);
        await File.WriteAllTextAsync(file, "before", cancellation);
        using ServeProcess serve = await ServeProcess.StartAsync(cancellation);
        CliRun import = await CliRun.OfAsync(cancellation, "import", rows, "-c", "rows", "--create", "--server", serve.Target);
        Assert.True(import.Code == 0, import.Both);

        using Process export = ServeProcess.Launch(["export", file, "-c", "rows", "--vectors", "--server", serve.Target]);
        int code = await InterruptAsync(export, () => File.Exists(file + ".partial"), cancellation);

        Assert.False(File.Exists(file + ".partial"), "The file that is written aside is still there.");
        // An export that was done before the signal came has written everything.
        int lines = File.ReadLines(file).Count();
        Assert.True(code == 0 ? lines == Records : await File.ReadAllTextAsync(file, cancellation) == "before", $"export ended with {code} and left {lines} of {Records} lines.");
    }

    [Fact]
    public async Task A_training_that_is_interrupted_leaves_no_model_and_goes_on()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var folder = new TempDirectory();
        string corpus = folder.File("corpus.jsonl"), models = folder.File("models");
        await File.WriteAllLinesAsync(corpus, Enumerable.Range(0, 400).Select(Passage), cancellation);
        string[] words = ["train", "--corpus", corpus, "--out", models, "--steps", "3000"];

        using Process train = ServeProcess.Launch(words);
        Task<string> errors = train.StandardError.ReadToEndAsync(cancellation);
        while (await train.StandardOutput.ReadLineAsync(cancellation) is { } line && !line.Contains("step", StringComparison.Ordinal))
        {
        }
        int code = await InterruptAsync(train, static () => true, cancellation);

        Assert.True(code == 1 && (await errors).Contains("the same command goes on", StringComparison.Ordinal), $"train ended with {code}: {await errors}");
        string[] left = [.. Directory.GetFileSystemEntries(models).Select(static entry => Path.GetFileName(entry))];
        Assert.True(left is ["training.checkpoint"], $"The training left {string.Join(", ", left)}; only its checkpoint is whole.");
    }

    private static async Task<int> InterruptAsync(Process process, Func<bool> isTime, CancellationToken cancellation)
    {
        try
        {
            long start = Stopwatch.GetTimestamp();
            while (!isTime() && !process.HasExited && Stopwatch.GetElapsedTime(start) < Patience) await Task.Delay(1, cancellation);
            await ChildProcess.RunAsync("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)], Patience);
            await process.WaitForExitAsync(cancellation).WaitAsync(Patience, cancellation);
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private static string Row(int id) => JsonSerializer.Serialize(new
    {
        id,
        vector = Enumerable.Range(0, Elements).Select(element => MathF.Sin((id + 1) * (element + 1))),
    });

    private static string Passage(int number) => JsonSerializer.Serialize(new
    {
        _id = $"p{number}",
        title = $"About subject{number % 40} and thing{number % 31}",
        text = $"The subject{number % 40} has part{number % 17} and part{number % 13}, and thing{number % 31} is how people call it in place{number % 7}.",
    });
}
