using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SearchEngine.Testing.Processes;

/// <summary>Runs programs of other languages from the repository's root.</summary>
public static class ChildProcess
{
    public static string RepositoryRoot { get; } = FindRoot();

    public static string Clients { get; } = Path.Combine(RepositoryRoot, "tests", "Clients");

    /// <summary>Null when there is no such program.</summary>
    public static async Task<ProcessOutput?> RunAsync(string program, IEnumerable<string> arguments, TimeSpan watchdog)
    {
        if (TryStart(program, arguments) is not { } process) return null;
        using (process)
        using (var timer = new CancellationTokenSource(watchdog))
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            int? exitCode = null;
            try
            {
                await process.WaitForExitAsync(timer.Token);
                exitCode = process.ExitCode;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
            return new ProcessOutput(exitCode, await output, await errors);
        }
    }

    /// <summary>A program that goes on running; null when there is none of this name.</summary>
    public static Process? TryStart(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = RepositoryRoot,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SearchEngine.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No SearchEngine.sln above {AppContext.BaseDirectory}.");
    }
}
