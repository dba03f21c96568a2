using System.Diagnostics;
using System.Globalization;
using SearchEngine.Benchmarks.Vectors;

namespace SearchEngine.Benchmarks.Serve;

/// <summary>The measured server, in a child process.</summary>
internal sealed class ServedProcess : IDisposable
{
    private readonly Process _process;

    private ServedProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<ServedProcess> StartAsync(string directory)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["serve-server", "--data", directory])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The server process did not start.");
        string port = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server ended before it printed its port.");
        return new ServedProcess(process, int.Parse(port, CultureInfo.InvariantCulture));
    }

    /// <summary>Does something and tells what the server used meanwhile.</summary>
    public Task<(T Result, ServedUse Used)> UseOfAsync<T>(Func<T> work) => UseOfAsync(() => Task.FromResult(work()));

    /// <inheritdoc cref="UseOfAsync{T}(Func{T})"/>
    public async Task<(T Result, ServedUse Used)> UseOfAsync<T>(Func<Task<T>> work)
    {
        ServedUse before = await AskAsync<ServedUse>("use");
        T result = await work();
        ServedUse after = await AskAsync<ServedUse>("use");
        return (result, after.Since(before));
    }

    public Task<InProcessRun> RunAsync(int threads, TimeSpan time) =>
        AskAsync<InProcessRun>(string.Create(CultureInfo.InvariantCulture, $"run {threads} {time.TotalSeconds}"));

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    private async Task<T> AskAsync<T>(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        await _process.StandardInput.FlushAsync();
        return JsonLines.Parse<T>(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server has ended."));
    }
}
