using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SearchEngine.Models.Onnx;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Cli.Tests;

/// <summary><c>demo --exit</c> as a new user runs it: both servers, the import, the tour, the evaluation, the end.</summary>
public sealed partial class DemoRunTests
{
    private static readonly string[] KeyLines =
    [
        "Imported 446 passages as texts into \"quillmere\"",
        "q119  \"the hub in my room has gone grey",
        "filter: region = apac (414 passages match)",
        "SIDE_MISMATCH: ",
        "ENCODER_MISMATCH: ",
        "Evaluation: 223 labelled questions",
        "words (BM25)",
        "hybrid, reranked",
    ];

    [Fact]
    public async Task Demo_GoesThroughItsTourAndLeavesNoProcessBehind()
    {
        RequireOnnxRuntime();
        using var data = new TempDirectory();
        CliRun run = await CliRun.OfAsync(TestContext.Current.CancellationToken, "demo", "--exit", "--port", "0", "--data", data.Path);
        Assert.True(run.Code == 0, $"The demo failed:\n{run.Both}");
        string[] missing = [.. KeyLines.Where(line => !run.Output.Contains(line, StringComparison.Ordinal))];
        Assert.True(missing.Length == 0, $"The tour does not show: {string.Join("; ", missing)}\n{run.Both}");
        int[] children = [.. ChildProcess().Matches(run.Output).Select(match => int.Parse(match.Groups["id"].ValueSpan, CultureInfo.InvariantCulture))];
        Assert.Equal(2, children.Length);
        Assert.All(children, id => Assert.False(IsSearchEngine(id), $"Process {id}, which the demo started, is still there."));
    }

    [Fact]
    public async Task Demo_OnAPortThatIsTaken_SaysSoAndEnds()
    {
        RequireOnnxRuntime();
        using var data = new TempDirectory();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        int port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        CliRun run = await CliRun.OfAsync(
            TestContext.Current.CancellationToken, "demo", "--exit", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", data.Path);
        Assert.True(run.Code == 1, run.Both);
        // The encoder's is the next port, which another test may have by chance.
        Assert.Matches("`searchengine (serve|encode)` ended before it was ready", run.Errors);
        Assert.Contains("--port", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    private static void RequireOnnxRuntime()
    {
        try
        {
            OnnxRuntime.Load().Dispose();
        }
        catch (OnnxLibraryException missing) when (Environment.GetEnvironmentVariable("REQUIRE_ONNXRUNTIME") != "1")
        {
            Assert.Skip(missing.Message);
        }
    }

    // A process id may have been given to another program since.
    private static bool IsSearchEngine(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited && File.ReadAllText($"/proc/{id}/cmdline").Contains("searchengine", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\(process (?<id>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex ChildProcess();
}
