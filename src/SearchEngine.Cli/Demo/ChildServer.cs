using System.ComponentModel;
using System.Diagnostics;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Demo;

/// <summary>This executable a second time, as a server of its own, tied to this process. What it says goes to a log file.</summary>
internal sealed class ChildServer : IAsyncDisposable
{
    /// <summary>Longer than a server's own drain time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Until it says that it is ready: a cold start on a busy machine.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly string _logPath;
    private Task _output = Task.CompletedTask;
    private Task _errors = Task.CompletedTask;

    private ChildServer(Process process, string logPath)
    {
        _process = process;
        _logPath = logPath;
        _log = new StreamWriter(new FileStream(logPath, FileMode.Create, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    }

    public int Id => _process.Id;

    /// <summary>Ends when the process does.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <param name="arguments">Command and options.</param>
    /// <param name="logPath">Receives what it says; replaced.</param>
    /// <param name="announcements">Beginnings of lines, in their order; it is ready after the last of them.</param>
    /// <param name="cancel">Gives up waiting, and ends it.</param>
    /// <returns>The process, and the rest of each announced line.</returns>
    /// <exception cref="InputException">It ended before, or took too long.</exception>
    public static async Task<(ChildServer Server, string[] Said)> StartAsync(
        IReadOnlyList<string> arguments, string logPath, IReadOnlyList<string> announcements, CancellationToken cancel)
    {
        var server = new ChildServer(Launch(arguments), logPath);
        try
        {
            server._errors = server.CopyAsync(server._process.StandardError);
            server.Ended = server._process.WaitForExitAsync(CancellationToken.None);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(StartTime);
            string[] said = await server.AwaitAsync(arguments[0], announcements, limit.Token).ConfigureAwait(false);
            server._output = server.CopyAsync(server._process.StandardOutput);
            return (server, said);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new InputException($"`searchengine {arguments[0]}` was not ready after {StartTime.TotalMinutes} minutes; see {logPath}.");
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(Patience);
            try
            {
                await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        await Task.WhenAll(_output, _errors).ConfigureAwait(false);
        await _log.DisposeAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private static Process Launch(IReadOnlyList<string> arguments)
    {
        string self = Environment.ProcessPath ?? throw new InputException("This process does not know its own file; start the servers by hand: `searchengine encode` and `searchengine serve`.");
        // `dotnet searchengine.dll` runs in a process that is called dotnet.
        string[] assembly = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "searchengine.dll")] : [];
        var start = new ProcessStartInfo(self, [.. assembly, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[ParentTie.Variable] = "1";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failed)
        {
            throw new InputException($"{self} could not be started: {failed.Message}", failed);
        }
    }

    private async Task<string[]> AwaitAsync(string name, IReadOnlyList<string> announcements, CancellationToken cancel)
    {
        var said = new List<string>();
        while (said.Count < announcements.Count)
        {
            if (await _process.StandardOutput.ReadLineAsync(cancel).ConfigureAwait(false) is not { } line)
            {
                await _errors.ConfigureAwait(false);
                throw new InputException($"`searchengine {name}` ended before it was ready. Its last words, from {_logPath}:\n{LastWords()}");
            }
            Write(line);
            if (line.StartsWith(announcements[said.Count], StringComparison.Ordinal))
            {
                said.Add(line[announcements[said.Count].Length..]);
            }
        }
        return [.. said];
    }

    private async Task CopyAsync(StreamReader from)
    {
        while (await from.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            Write(line);
        }
    }

    private void Write(string line)
    {
        lock (_log)
        {
            _log.WriteLine(line);
        }
    }

    /// <summary>What it said itself about its end; where it said nothing, the end of its log.</summary>
    private string LastWords()
    {
        const int Lines = 5;
        string[] lines = [.. File.ReadLines(_logPath).TakeLast(Lines)];
        string[] own = [.. lines.SkipWhile(static line => !line.StartsWith("searchengine ", StringComparison.Ordinal))];
        return string.Join('\n', (own.Length > 0 ? own : lines).Select(static line => $"  {line}"));
    }
}
