namespace SearchEngine.Testing.Processes;

/// <summary>One run of a foreign program over all its scenarios, read from the lines it prints.</summary>
public sealed class ForeignReport
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(4);

    private readonly Dictionary<string, ScenarioResult> _results = new(StringComparer.Ordinal);

    private ForeignReport(string? missing, string output)
    {
        Missing = missing;
        Output = output;
        foreach (string line in output.Split('\n'))
        {
            string[] words = line.Split([' ', ':'], 3);
            if (words is [("PASS" or "FAIL" or "SKIP") and var verdict, var scenario, ..])
            {
                _results[scenario] = new ScenarioResult(verdict, words.Length > 2 ? words[2].Trim() : "");
            }
        }
    }

    /// <summary>Why the program could not be run at all, or null.</summary>
    public string? Missing { get; }

    public string Output { get; }

    public IReadOnlyDictionary<string, ScenarioResult> Results => _results;

    public static async Task<ForeignReport> RunAsync(ForeignCommand command, params string[] arguments)
    {
        if (command.Missing is not null) return new ForeignReport(command.Missing, "");
        ProcessOutput run = await ChildProcess.RunAsync(command.Program, [.. command.Arguments, .. arguments], Watchdog)
            ?? throw new InvalidOperationException($"{command.Program} disappeared.");
        string end = run.ExitCode is null ? $"\n{command.Program} hung and was killed after {Watchdog}." : "";
        return new ForeignReport(null, run.Both + end);
    }
}
