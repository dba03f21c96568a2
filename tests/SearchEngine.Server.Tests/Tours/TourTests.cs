using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Server.Tests.Tours;

/// <summary>The published examples, run as their readers run them: a foreign client against <c>searchengine serve</c>.</summary>
public sealed class TourTests
{
    [Theory]
    [InlineData("python", "search_tour", 23)]
    [InlineData("node", "search_tour", 23)]
    [InlineData("cpp", "search_tour", 7)]
    [InlineData("java", "SearchTour", 7)]
    [InlineData("csharp", "SearchTour", 7)]
    public async Task The_tour_of_the_search_api_passes_in_every_step(string language, string program, int steps)
    {
        ForeignCommand tour = (await ForeignTools.ProgramAsync(language, program)).Required();
        using ServeProcess server = await ServeProcess.StartAsync(TestContext.Current.CancellationToken);

        ForeignReport report = await ForeignReport.RunAsync(tour, "--server", server.Target);

        Assert.True(report.Results.Values.All(static r => r.Verdict == "PASS"), $"A step of the {language} tour failed:\n{report.Output}");
        Assert.True(report.Results.Count == steps, $"The {language} tour took {report.Results.Count} of {steps} steps:\n{report.Output}");
    }
}
