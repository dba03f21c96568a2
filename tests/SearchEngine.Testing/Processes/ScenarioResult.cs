namespace SearchEngine.Testing.Processes;

/// <summary>How one scenario of a foreign client ended: PASS, FAIL or SKIP, and what the client said about it.</summary>
public readonly record struct ScenarioResult(string Verdict, string Reason);
