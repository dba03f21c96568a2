using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Server.Tests.Tours;

/// <summary>Every error this server can give, provoked from other languages and checked for code, reason, field and fix.</summary>
public sealed class ErrorTableTests
{
    private const string NoEncoder = "needs an encoder process: the tests of text queries provoke it";
    private const string NoKeys = "needs API keys: the tests of security provoke it";

    /// <summary>Reasons of the contract that the table does not provoke, and why. One that it does provoke may not stand here.</summary>
    private static readonly Dictionary<string, string> Missing = new(StringComparer.Ordinal)
    {
        ["MODEL_UNKNOWN"] = NoEncoder,
        ["ENCODER_DRIFT"] = NoEncoder,
        ["INPUT_TYPE_REQUIRED"] = NoEncoder,
        ["ENCODER_DOWN"] = NoEncoder,
        ["TEXT_TOO_LONG"] = NoEncoder,
        ["CREDENTIALS"] = NoKeys,
        ["PERMISSION"] = NoKeys,
        ["QUOTA"] = NoKeys,
        ["RATE"] = NoKeys,
        ["CONCURRENCY"] = "needs callers with different keys; AdmissionDeskTests provoke it",
        ["CONFIGURATION_INVALID"] = NoKeys,
        ["RECALL_FLOOR"] = "no operation measures recall against the floor of a collection",
        ["BUILDING"] = "long operations of the engine wait for each other, none is refused",
        ["DISK_RESERVE"] = "needs a full disk; the engine's tests provoke it with a file layer that has one",
        ["MEMORY_RESERVE"] = "the engine predicts no memory",
        ["QUARANTINED"] = "needs damaged files; the engine's tests provoke it",
        ["STARTING"] = "needs a call before the self-test is over, which is a matter of milliseconds",
        ["METHOD_NOT_SERVED"] = "every method of the services here is served; the transport's tests bind a service with one that is not",
        ["INTERNAL_FAULT"] = "a fault of the server; the transport's tests plant one",
    };

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task Every_error_says_code_reason_field_and_fix_to_a_foreign_client(string language)
    {
        ForeignCommand program = (await ForeignTools.ProgramAsync(language, "search_errors")).Required();
        using ServeProcess server = await ServeProcess.StartAsync(TestContext.Current.CancellationToken, "--drain-seconds", "1");

        ForeignReport report = await ForeignReport.RunAsync(program, "--server", server.Target, "--pid", $"{server.Id}");

        foreach (ErrorCase one in ErrorTable.Cases)
        {
            string expected = one.IsRaw && language == "python" ? "SKIP" : "PASS";
            bool ran = report.Results.TryGetValue(one.Name, out ScenarioResult result);
            Assert.True(ran && result.Verdict == expected, $"{language} {one.Name}: {(ran ? $"{result.Verdict} {result.Reason}" : $"not run\n{report.Output}")}");
        }
    }

    [Fact]
    public void Every_reason_of_the_contract_is_provoked_or_said_to_be_missing()
    {
        HashSet<string> provoked = [.. ErrorTable.Cases.Select(static c => c.Reason)];
        string[] published = [.. Enum.GetValues<Wire.ErrorReason>().Where(static r => r != 0).Select(SearchEngine.Contract.Reasons.NameOf)];

        string[] forgotten = [.. published.Where(r => !provoked.Contains(r) && !Missing.ContainsKey(r))];
        Assert.True(forgotten.Length == 0, $"tests/Clients/errors.json has no case for {string.Join(", ", forgotten)}.");
        string[] stale = [.. Missing.Keys.Where(r => provoked.Contains(r) || !published.Contains(r))];
        Assert.True(stale.Length == 0, $"These are provoked, or are no reasons, and are not missing any more: {string.Join(", ", stale)}.");
        string[] unknown = [.. provoked.Except(published)];
        Assert.True(unknown.Length == 0, $"The table expects reasons that the contract does not have: {string.Join(", ", unknown)}.");
    }
}
