using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SearchEngine.Testing.Processes;

/// <summary><c>searchengine serve</c> on a free port, from the output of a test project that refers to SearchEngine.Cli.</summary>
public sealed partial class ServeProcess : IDisposable
{
    private const string Ready = "searchengine serves gRPC on ";
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly TempDirectory? _own;

    private ServeProcess(Process process, Uri address, TempDirectory? own)
    {
        _own = own;
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public int Id => _process.Id;

    /// <summary>As the arguments of a gRPC client have it: host and port.</summary>
    public string Target => Address.Authority;

    /// <summary>A server on a directory of its own, which goes with it.</summary>
    /// <param name="options">Further ones of <c>serve</c>.</param>
    public static Task<ServeProcess> StartAsync(CancellationToken cancellation, params string[] options)
    {
        var own = new TempDirectory();
        return StartAsync(own.File("data"), own, options, cancellation);
    }

    /// <summary>A server on a directory that outlives it.</summary>
    public static Task<ServeProcess> StartOnAsync(string data, CancellationToken cancellation, params string[] options) =>
        StartAsync(data, null, options, cancellation);

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
        if (Signal(_process.Id, SigTerm) != 0) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Process {_process.Id} could not be signalled."));
    }

    /// <summary>kill -9: the process has no word in it.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellation);
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
        _own?.Dispose();
    }

    private static async Task<ServeProcess> StartAsync(string data, TempDirectory? own, string[] options, CancellationToken cancellation)
    {
        Process process = Launch(["serve", "--port", "0", "--data", data, .. options]);
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (!line.StartsWith(Ready, StringComparison.Ordinal)) continue;
            // Keeps reading: a full pipe would stop the server's logging.
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
            string scheme = options.Contains("--tls-cert", StringComparer.Ordinal) ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
            return new ServeProcess(process, new Uri($"{scheme}://{line[Ready.Length..]}"), own);
        }
        throw new InvalidOperationException($"serve ended before it was ready: {await process.StandardError.ReadToEndAsync(cancellation)}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
