using System.Diagnostics;

namespace SearchEngine.Testing.Processes;

/// <summary><c>searchengine encode</c> as an operator starts it, from the output of a test project that refers to SearchEngine.Cli.</summary>
public sealed class EncodeProcess : IDisposable
{
    private const string Listening = "searchengine encodes gRPC on ", Operating = "searchengine encode: /metrics, /healthz and /readyz on ";
    private const string Ready = "searchengine encode: ready";

    private readonly Process _process;

    private EncodeProcess(Process process, Uri address, Uri? operations) => (_process, Address, Operations) = (process, address, operations);

    public Uri Address { get; }

    /// <summary>Host and port.</summary>
    public string Target => Address.Authority;

    public Uri? Operations { get; }

    /// <summary>A process of one folder that is ready.</summary>
    public static async Task<EncodeProcess> StartAsync(string folder, CancellationToken cancel, params string[] options)
    {
        var process = ServeProcess.Launch(["encode", "--model", folder, "--executors", "2", .. options.Contains("--port") ? [] : new[] { "--port", "0" }, .. options]);
        var (address, operations) = ((Uri?)null, (Uri?)null);
        while (await process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal))
                address = new Uri($"http://{line[Listening.Length..]}");
            if (line.StartsWith(Operating, StringComparison.Ordinal))
                operations = new Uri($"http://{line[Operating.Length..]}");
            if (line != Ready)
                continue;
            // Keeps reading: a full pipe would stop the process's logging.
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
            return new EncodeProcess(process, address!, operations);
        }
        throw new InvalidOperationException($"encode ended before it was ready: {await process.StandardError.ReadToEndAsync(cancel)}");
    }

    /// <summary>What a process that cannot serve says, and its exit code.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(CancellationToken cancel, params string[] arguments)
    {
        using var process = ServeProcess.Launch(["encode", "--port", "0", .. arguments]);
        _ = process.StandardOutput.ReadToEndAsync(cancel);
        var error = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, error);
    }

    /// <summary>kill -9: the process has no word in it.</summary>
    public async Task KillAsync(CancellationToken cancel)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancel);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
