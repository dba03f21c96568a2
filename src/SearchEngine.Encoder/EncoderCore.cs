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
    private readonly IReadOnlyList<BatchRunner> _runners;
    private readonly ILoggerFactory _logs;

    private EncoderCore(
        EncoderState state, IReadOnlyList<Executor> executors, IReadOnlyList<BatchRunner> runners, StartUp startUp, ILoggerFactory logs) =>
        (State, _executors, _runners, StartUp, _logs) = (state, executors, runners, startUp, logs);

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
            // One for each executor, and the last for callers.
            BatchRunner[] runners = [.. Enumerable.Range(0, options.Executors + 1).Select(_ => new BatchRunner(queue, metrics))];
            Executor[] executors = [.. runners[..^1].Select((runner, number) => new Executor(queue, runner, number))];
            ReserveThread();
            metrics.Watch(queue, () => runners.Sum(r => r.BusyMillis) / (executors.Length * Math.Max(1, queue.Now)));
            metrics.Watch(shelf.Models);
            var startUp = new StartUp(shelf, readiness, new WarmUpPlan(options.WarmUp), log);
            return new EncoderCore(new EncoderState(shelf, queue, runners[^1], metrics, startUp), executors, runners, startUp, logs);
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
            executor.Join();
        foreach (var runner in _runners)
            runner.Dispose();
        State.Shelf.Dispose();
        State.Metrics.Dispose();
        _logs.Dispose();
    }

    /// <summary>A caller that runs its query holds a thread of the pool, which would give another only after half a second.</summary>
    private static void ReserveThread()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + 1), ports);
    }
}
