using System.CommandLine;
using System.Net;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Demo;

/// <summary><c>demo</c>: from nothing to a working search with its figures, in one command.</summary>
internal static class DemoCommand
{
    private const int DefaultPort = 7700;

    private static readonly Option<bool> Exit = new("--exit") { Description = "End after the tour instead of staying up." };

    private static readonly Option<int> Port = new("--port")
    {
        DefaultValueFactory = _ => DefaultPort,
        Description = "Port of the search server on 127.0.0.1; the encoder has the next one. 0 takes free ones.",
    };

    private static readonly Option<string> Data = new("--data")
    {
        DefaultValueFactory = _ => "./searchengine-demo",
        Description = "Directory for collections, models and logs. The demo's own collection is made anew every time.",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "The whole tour as one JSON object." };

    public static Command Create()
    {
        var command = new Command(
            "demo",
            """
            Starts an encoder and a search server, imports a bundled help centre of 446 passages, shows what each stage of a search contributes and
            what is refused, measures 223 labelled questions, and stays up. Ctrl-C ends both servers.

            Examples:
              searchengine demo
              searchengine demo --exit --port 0
            """)
        {
            Exit, Port, Data, Json,
        };
        command.SetAction((parsed, cancel) =>
        {
            OutputForm form = parsed.GetValue(Json) ? OutputForm.Json : OutputForm.Text;
            return Failures.ReportAsync("demo", form, cancel, () => RunAsync(parsed, form, cancel));
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, OutputForm form, CancellationToken cancel)
    {
        int port = parsed.GetRequiredValue(Port);
        if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
        {
            throw new UsageException($"--port: {port} is no port; ports are 0 to {IPEndPoint.MaxPort}.");
        }
        var options = new DemoOptions(
            Path.GetFullPath(parsed.GetRequiredValue(Data)), port, parsed.GetValue(Exit) ? DemoEnding.EndsWithTour : DemoEnding.StaysUp, form);
        await new DemoRun(options).RunAsync(cancel).ConfigureAwait(false);
        return ExitCode.Ok;
    }
}
