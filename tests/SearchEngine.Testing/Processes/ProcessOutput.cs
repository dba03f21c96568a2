namespace SearchEngine.Testing.Processes;

/// <summary>What a finished program said. <see cref="ExitCode"/> is null when it had to be killed.</summary>
public sealed record ProcessOutput(int? ExitCode, string Output, string Errors)
{
    public string Both => $"{Output}\n{Errors}".Trim();
}
