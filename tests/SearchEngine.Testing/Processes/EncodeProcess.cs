using System.Diagnostics;
using System.Globalization;

namespace SearchEngine.Testing.Processes;

/// <summary><c>searchengine encode</c>, ready, from the output of a test project that refers to SearchEngine.Cli.</summary>
public sealed class EncodeProcess : IDisposable
{
    private const string Listening = "searchengine encodes gRPC on ";
    private const string Ready = "searchengine encode: ready";

    private readonly Process _process;

    private EncodeProcess(Process process, string target)
    {
        _process = process;
        Target = target;
    }

    /// <summary>Host and port.</summary>
    public string Target { get; }

    public int Port => int.Parse(Target.AsSpan(Target.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);

    /// <param name="port">0 takes a free one.</param>
    /// <param name="folders">Models.</param>
    public static async Task<EncodeProcess> StartAsync(CancellationToken cancellation, int port, params string[] folders)
    {
        Process process = ServeProcess.Launch(
            ["encode", "--port", port.ToString(CultureInfo.InvariantCulture), "--executors", "1", .. folders.SelectMany(static folder => (string[])["--model", folder])]);
        string target = "";
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            target = line.StartsWith(Listening, StringComparison.Ordinal) ? line[Listening.Length..] : target;
            if (line != Ready) continue;
            // Keeps reading: a full pipe would stop the encoder's logging.
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
            return new EncodeProcess(process, target);
        }
        throw new InvalidOperationException($"encode ended before it was ready: {await process.StandardError.ReadToEndAsync(cancellation)}");
    }

    /// <summary>kill -9: the process has no word in it.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellation);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
