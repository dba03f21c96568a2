using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Rpc.Tests.Foreign;

/// <summary>
/// Clients of other languages cannot tell our server from an official one: every scenario of every client, run against
/// the interoperability server (see tests/Clients/README.md for what each proves).
/// </summary>
public sealed class ForeignClientTests(ForeignServerFixture servers) : IClassFixture<ForeignServerFixture>
{
    public static TheoryData<string, string> Scenarios()
    {
        var rows = new TheoryData<string, string>();
        foreach (string language in ForeignScenarios.Languages)
        {
            foreach (string scenario in ForeignScenarios.Of(language)) rows.Add(language, scenario);
        }
        return rows;
    }

    public static TheoryData<string> Languages() => [.. ForeignScenarios.Languages];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task AForeignClientPasses(string language, string scenario) =>
        Expect(await servers.ClearAsync(language), language, scenario);

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task AForeignClientPassesOverTlsWithAClientCertificate(string language, string scenario) =>
        Expect(await servers.TlsAsync(language), language, scenario);

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task AClientWithoutTheDemandedCertificateIsTurnedAway(string language)
    {
        ForeignReport report = await servers.AnonymousAsync(language);
        ForeignTools.Require(report.Missing);
        Assert.True(report.Results.TryGetValue("empty_unary", out ScenarioResult result) && result.Verdict == "FAIL",
            $"The {language} client reached a server that demands client certificates without showing one:\n{report.Output}");
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task EveryScenarioOfAClientIsARowOfTheseTests(string language)
    {
        ForeignReport report = await servers.ClearAsync(language);
        ForeignTools.Require(report.Missing);
        Assert.Equal(ForeignScenarios.Of(language).Order(StringComparer.Ordinal), report.Results.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task NoCallOutlivesTheClientThatMadeIt()
    {
        foreach (string language in ForeignScenarios.Languages)
        {
            await servers.ClearAsync(language);
            await servers.TlsAsync(language);
        }
        Assert.True(await servers.BecomesIdleAsync(),
            "All clients have exited, but the server still holds calls: a cancelled or abandoned stream was never let go.");
    }

    private static void Expect(ForeignReport report, string language, string scenario)
    {
        ForeignTools.Require(report.Missing);
        if (!report.Results.TryGetValue(scenario, out ScenarioResult result))
        {
            Assert.Fail($"The {language} client never came to {scenario}:\n{report.Output}");
        }
        if (result.Verdict == "SKIP") Assert.Skip(result.Reason);
        Assert.True(result.Verdict == "PASS", $"{language} {scenario}: {result.Reason}");
    }
}
