using Microsoft.Extensions.Logging;
using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Calls;
using SearchEngine.Encoder.Loading;
using SearchEngine.Encoder.Operations;
using SearchEngine.Rpc.Operations;

namespace SearchEngine.Encoder;

/// <summary>Everything of the process behind its server: models, queue, executors. Disposed once no call is in progress.</summary>
internal sealed class EncoderCore : IDisposable
{
    private readonly IReadOnlyList<Executor> _executors;
    private readonly ILoggerFactory _logs;

    private EncoderCore(EncoderState state, IReadOnlyList<Executor> executors, StartUp startUp, ILoggerFactory logs) =>
        (State, _executors, StartUp, _logs) = (state, executors, startUp, logs);

    public EncoderState State { get; }

    public StartUp StartUp { get; }

    /// <exception cref="EncoderStartException">A folder is refused, or ONNX Runtime's library is missing.</exception>
    public static EncoderCore Open(EncoderServerOptions options, ReadinessBoard readiness, object? meterScope, Action<ILoggingBuilder>? configureLogs)
    {
        var logs = LoggerFactory.Create(configureLogs ?? (static _ => { }));
        try
        {
            var log = logs.CreateLogger(EncoderMetrics.MeterName);
            var shelf = ModelOpening.Open(options, log);
            var metrics = new EncoderMetrics(meterScope);
            var queue = new BatchQueue(options.Lanes, options.Executors, options.Time);
            Executor[] executors = [.. Enumerable.Range(0, options.Executors).Select(number => new Executor(queue, metrics, number))];
            metrics.Watch(queue, () => executors.Average(e => e.BusyShare));
            metrics.Watch(shelf.Models);
            var startUp = new StartUp(shelf, readiness, new WarmUpPlan(options.WarmUp), log);
            return new EncoderCore(new EncoderState(shelf, queue, metrics, startUp), executors, startUp, logs);
        }
        catch
        {
            logs.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        State.Queue.Stop();
        foreach (var executor in _executors)
            executor.Dispose();
        State.Shelf.Dispose();
        State.Metrics.Dispose();
        _logs.Dispose();
    }
}
