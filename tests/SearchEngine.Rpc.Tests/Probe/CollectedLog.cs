using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SearchEngine.Rpc.Tests.Probe;

/// <summary>Keeps what a server logs, so that a test can say that it logged nothing it should not.</summary>
internal sealed class CollectedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Without what Kestrel itself says of clients that break HTTP/2.</summary>
    public IEnumerable<string> OwnLines => _lines.Where(line => !line.Contains("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Writer(categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Writer(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Enqueue($"{logLevel} {category}[{eventId.Id}] {formatter(state, exception)} {exception}");
        }
    }
}
