using System.Diagnostics;
using SearchEngine.Testing.Processes;

namespace SearchEngine.Cli.Tests;

/// <summary>One run of the executable to its end.</summary>
internal sealed record CliRun(int Code, string Output, string Errors)
{
    public string Both => $"exit code {Code}\n{Output}\n{Errors}";

    public static async Task<CliRun> OfAsync(CancellationToken cancellation, params string[] arguments)
    {
        using Process process = ServeProcess.Launch(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new CliRun(process.ExitCode, await output, await errors);
    }
}
