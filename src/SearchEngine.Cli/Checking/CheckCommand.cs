using System.CommandLine;
using System.Text.Json;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Checking;

/// <summary><c>check</c>: what this machine gives, what is missing, and how to get it.</summary>
internal static class CheckCommand
{
    private static readonly Option<string?> Data = new("--data") { Description = "Also read every file of this data directory and verify its checksums; no server may have it open." };
    private static readonly Option<bool> Json = new("--json") { Description = "JSON instead of lines." };

    public static Command Create()
    {
        var command = new Command(
            "check",
            """
            Checks CPU, kernels, ONNX Runtime, default models and the demo corpus, and with --data the files of a data directory.
            Ends with 0 if everything works, slower paths included, and 1 if something does not.

            Example:
              searchengine check --data ./searchengine-data
            """)
        {
            Data, Json,
        };
        command.SetAction((parsed, cancel) =>
        {
            OutputForm form = parsed.GetValue(Json) ? OutputForm.Json : OutputForm.Text;
            return Failures.ReportAsync("check", form, cancel, () => Task.FromResult(Run(parsed.GetValue(Data), form, cancel)));
        });
        return command;
    }

    private static int Run(string? data, OutputForm form, CancellationToken cancel)
    {
        Finding[] findings = [.. MachineChecks.All(), .. data is null ? [] : DataChecks.Of(data, cancel)];
        if (form == OutputForm.Json)
        {
            Screen.Line(JsonSerializer.Serialize(findings.Select(found => new { check = found.Subject, state = found.State.ToString(), found = found.Found, fix = found.Fix })));
        }
        else
        {
            Screen.Table(
                [Column.Words("check"), Column.Words("state"), Column.Words("found")],
                findings.Select(found => (IReadOnlyList<string>)[found.Subject, found.State.ToString().ToLowerInvariant(), found.Fix is null ? found.Found : $"{found.Found}\n-> {found.Fix}"]));
        }
        return Array.Exists(findings, found => found.State == FindingState.Fails) ? ExitCode.Failed : ExitCode.Ok;
    }
}
