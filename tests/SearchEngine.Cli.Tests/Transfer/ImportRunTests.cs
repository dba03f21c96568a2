using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SearchEngine.Testing;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Cli.Tests.Transfer;

/// <summary><c>import</c> and <c>export</c> against a server of its own, as a user runs them.</summary>
public sealed class ImportRunTests
{
    private const int Records = 20_000;
    private const int Elements = 16;

    [Fact]
    public async Task ImportThatIsKilled_GoesOnAndEveryRecordIsThereOnce()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var folder = new TempDirectory();
        string file = folder.File("rows.jsonl"), back = folder.File("back.jsonl");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, Records).Select(Line), cancellation);
        using ServeProcess serve = await ServeProcess.StartAsync(cancellation);
        string[] import = ["import", file, "-c", "rows", "--create", "--server", serve.Target, "--json"];
        using (Process killed = ServeProcess.Launch(import))
        {
            // Its first word of progress: the upload is open.
            await killed.StandardError.ReadLineAsync(cancellation);
            killed.Kill();
            await killed.WaitForExitAsync(cancellation);
        }
        CliRun run = await CliRun.OfAsync(cancellation, import);
        Assert.True(run.Code == 0, run.Both);
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal(Records, report.RootElement.GetProperty("records").GetInt32());
        CliRun again = await CliRun.OfAsync(cancellation, import);
        Assert.True(again.Code == 0 && again.Output.Contains(string.Create(CultureInfo.InvariantCulture, $"\"done_before\":{Records}"), StringComparison.Ordinal), again.Both);
        CliRun export = await CliRun.OfAsync(cancellation, "export", back, "-c", "rows", "--server", serve.Target);
        Assert.True(export.Code == 0, export.Both);
        Assert.False(File.Exists(back + ".partial"), "The file that is written aside is still there.");
        int[] ids = [.. File.ReadLines(back).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetInt32()).Order()];
        Assert.Equal(Enumerable.Range(0, Records), ids);
    }

    [Fact]
    public async Task WhatIsWrong_IsToldByExitCodeAndReason()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ServeProcess serve = await ServeProcess.StartAsync(cancellation);
        CliRun unknown = await CliRun.OfAsync(cancellation, "search", "x", "-c", "absent", "--server", serve.Target);
        Assert.True(unknown.Code == 1 && unknown.Errors.Contains("COLLECTION_UNKNOWN", StringComparison.Ordinal), unknown.Both);
        CliRun json = await CliRun.OfAsync(cancellation, "search", "x", "-c", "absent", "--server", serve.Target, "--json");
        Assert.True(json.Code == 1 && json.Output.Length == 0, json.Both);
        Assert.Equal("COLLECTION_UNKNOWN", JsonDocument.Parse(json.Errors).RootElement.GetProperty("error").GetProperty("reason").GetString());
        CliRun usage = await CliRun.OfAsync(cancellation, "search", "x", "--server", serve.Target);
        Assert.True(usage.Code == 2, usage.Both);
        CliRun file = await CliRun.OfAsync(cancellation, "import", "/no/such/file.jsonl", "-c", "x", "--server", serve.Target);
        Assert.True(file.Code == 1 && !file.Errors.Contains("   at ", StringComparison.Ordinal), file.Both);
    }

    private static string Line(int id) => JsonSerializer.Serialize(new
    {
        id,
        vector = Enumerable.Range(0, Elements).Select(element => MathF.Sin((id + 1) * (element + 1))),
        group = $"g{id % 7}",
    });
}
