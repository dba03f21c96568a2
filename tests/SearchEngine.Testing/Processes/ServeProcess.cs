using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SearchEngine.Testing;

namespace SearchEngine.Cli.Tests;

/// <summary><c>searchengine serve</c> on a free port.</summary>
internal sealed partial class ServeProcess : IDisposable
{
    private const int SigTerm = 15;
    private readonly Process _process;
    private readonly TempDirectory _data;

    private ServeProcess(Process process, Uri address, TempDirectory data)
    {
        _data = data;
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<ServeProcess> StartAsync(CancellationToken cancellation)
    {
        var data = new TempDirectory();
        Process process = Launch(["serve", "--port", "0", "--data", data.Path]);
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            const string Ready = "searchengine serves gRPC on ";
            if (!line.StartsWith(Ready, StringComparison.Ordinal)) continue;
            // Keeps reading: a full pipe would stop the server's logging.
            _ = process.StandardOutput.ReadToEndAsync(cancellation);
            return new ServeProcess(process, new Uri("http://" + line[Ready.Length..]), data);
        }
        throw new InvalidOperationException($"serve ended before it was ready: {await process.StandardError.ReadToEndAsync(cancellation)}");
    }

    public static Process Launch(string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "searchengine.dll");
        return Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    public void Terminate()
    {
        if (Kill(_process.Id, SigTerm) != 0) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Process {_process.Id} could not be signalled."));
    }

    public async Task<int> ExitCodeAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _data.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
