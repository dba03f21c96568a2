using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Server.Tests.Tours;

/// <summary>The published examples, run as their readers run them: a foreign client against <c>searchengine serve</c>.</summary>
public sealed class TourTests
{
    private const int Steps = 16;

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task The_tour_of_the_search_api_passes_in_every_step(string language)
    {
        ForeignCommand tour = (await ForeignTools.ProgramAsync(language, "search_tour")).Required();
        using ServeProcess server = await ServeProcess.StartAsync(TestContext.Current.CancellationToken);

        ForeignReport report = await ForeignReport.RunAsync(tour, "--server", server.Target);

        Assert.True(report.Results.Values.All(static r => r.Verdict == "PASS"), $"A step of the {language} tour failed:\n{report.Output}");
        Assert.True(report.Results.Count == Steps, $"The {language} tour took {report.Results.Count} of {Steps} steps:\n{report.Output}");
    }
}
