using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Server.Tests.Evaluation;

/// <summary>An unmodified Python client loads judgements, evaluates and diagnoses.</summary>
public sealed class ForeignEvaluationTests
{
    private const int Steps = 5;

    [Fact]
    public async Task The_tour_of_evaluations_passes_in_every_step()
    {
        ForeignCommand tour = (await ForeignTools.ProgramAsync("python", "evaluation_tour")).Required();
        using ServeProcess server = await ServeProcess.StartAsync(TestContext.Current.CancellationToken);

        ForeignReport report = await ForeignReport.RunAsync(tour, "--server", server.Target);

        Assert.True(report.Results.Count == Steps && report.Results.Values.All(static r => r.Verdict == "PASS"), $"A step of the tour failed:\n{report.Output}");
    }
}
