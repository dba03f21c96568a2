using Xunit;

namespace SearchEngine.Protocol.Tests;

/// <summary>Deployed clients cannot be recalled: what v1.lock.txt holds stays as it is.</summary>
public sealed class LockTests
{
    private const string Variable = "PROTOCOL_LOCK";

    /// <summary>A message that lists a whole new file helps nobody.</summary>
    private const int Named = 20;

    private const string HowToRecord =
        "If that is intended, record it with: PROTOCOL_LOCK=record dotnet run -c Release --project "
        + "tests/SearchEngine.Protocol.Tests, and commit v1.lock.txt.";

    private const string HowToBreak =
        "v1 only grows (protos/README.md, Compatibility): keep the old declaration beside the new one. Only while no "
        + "client of v1 exists may it be broken, with PROTOCOL_LOCK=break in place of record.";

    [Fact]
    public void DeployedClientsKeepWorking()
    {
        string[] locked = Contract.Lock;
        string[] current = LockFile.Describe(Contract.Files);
        string[] lost = locked.Except(current).ToArray();
        string[] added = current.Except(locked).ToArray();
        string? request = Environment.GetEnvironmentVariable(Variable);
        if (request == "break" || (request == "record" && lost.Length == 0))
        {
            File.WriteAllText(Contract.LockSource(), string.Join('\n', current) + "\n");
            return;
        }

        Assert.True(lost.Length == 0,
            $"Clients built from the locked contract break: {Explain(lost, added)}. {HowToBreak}");
        string rest = added.Length > Named ? $" and {added.Length - Named} more" : "";
        Assert.True(added.Length == 0,
            $"The contract has grown: {string.Join("; ", added.Take(Named))}{rest}. {HowToRecord}");
    }

    [Fact]
    public void AFieldThatMovesIsNamedWithBothPlaces()
    {
        string[] lost = ["field Vector.data = 1 bytes", "field Vector.scale = 5 float"];
        string[] added = ["field Vector.data = 7 bytes"];
        Assert.Equal(
            "field Vector.data was \"1 bytes\" and is \"7 bytes\"; field Vector.scale (\"5 float\") is gone",
            Explain(lost, added));
    }

    private static string Explain(string[] lost, string[] added)
    {
        Dictionary<string, string> now = added.ToDictionary(LockFile.Subject, Binding);
        return string.Join("; ", lost.Select(line => now.TryGetValue(LockFile.Subject(line), out string? binding)
            ? $"{LockFile.Subject(line)} was \"{Binding(line)}\" and is \"{binding}\""
            : $"{LockFile.Subject(line)} (\"{Binding(line)}\") is gone"));
    }

    private static string Binding(string line) => line[(LockFile.Subject(line).Length + " = ".Length)..];
}
