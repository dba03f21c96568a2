using Microsoft.Extensions.Logging;
using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Calls;
using SearchEngine.Encoder.Loading;
using SearchEngine.Encoder.Operations;
using SearchEngine.Encoder.Service;
using SearchEngine.Rpc.Operations;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Encoder;

/// <summary>
/// The encoder process: the models it opens, the executors that run them, and the server in front. It listens at once and serves when
/// every model is warm and has passed its self-test; until then health says NOT_SERVING and calls are answered STARTING.
/// </summary>
public sealed class EncoderServer : IAsyncDisposable
{
    private readonly EncoderState _state;
    private readonly IReadOnlyList<Executor> _executors;
    private readonly ILoggerFactory _logs;
    private readonly CancellationTokenSource _stopping = new();

    private EncoderServer(RpcServer rpc, EncoderState state, IReadOnlyList<Executor> executors, ReadinessBoard board, StartUp startUp, ILoggerFactory logs)
    {
        (Rpc, _state, _executors, Readiness, _logs) = (rpc, state, executors, board, logs);
        Ready = Task.Factory.StartNew(
            () => startUp.Reach(_stopping.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public RpcServer Rpc { get; }

    /// <summary>Which models are not ready, and why.</summary>
    public ReadinessBoard Readiness { get; }

    /// <summary>Completes when every model serves; fails with <see cref="EncoderStartException"/> when one does not pass its self-test.</summary>
    public Task Ready { get; }

    /// <exception cref="EncoderStartException">A folder is refused, or ONNX Runtime's library is missing.</exception>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static async Task<EncoderServer> StartAsync(
        EncoderServerOptions options, RpcServerOptions rpc, Action<ILoggingBuilder>? configureLogs = null)
    {
        options.Validate();
        var logs = LoggerFactory.Create(configureLogs ?? (static _ => { }));
        var log = logs.CreateLogger(EncoderMetrics.MeterName);
        var shelf = ModelOpening.Open(options, log);
        var metrics = new EncoderMetrics(rpc.MeterScope);
        var queue = new BatchQueue(options.Lanes, options.Executors, options.Time);
        Executor[] executors = [.. Enumerable.Range(0, options.Executors).Select(number => new Executor(queue, metrics, number))];
        var state = new EncoderState(shelf, queue, metrics, options.Time);
        metrics.Watch(queue, () => executors.Average(e => e.BusyShare));
        metrics.Watch(shelf.Models);
        try
        {
            var board = new ReadinessBoard(rpc.Health);
            var startUp = new StartUp(shelf, board, new WarmUpPlan(options.WarmUp), log);
            var served = EncoderContract.Bind(new EncoderService(state));
            var server = await RpcServer.StartAsync(rpc, [served], configureLogs).ConfigureAwait(false);
            return new EncoderServer(server, state, executors, board, startUp, logs);
        }
        catch
        {
            Release(state, executors, logs);
            throw;
        }
    }

    /// <summary>Drains, stops the executors and closes the models.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Rpc.DisposeAsync().ConfigureAwait(false);
        await Ready.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Release(_state, _executors, _logs);
        _stopping.Dispose();
    }

    private static void Release(EncoderState state, IReadOnlyList<Executor> executors, ILoggerFactory logs)
    {
        state.Queue.Stop();
        foreach (var executor in executors)
            executor.Dispose();
        state.Shelf.Dispose();
        state.Metrics.Dispose();
        logs.Dispose();
    }
}
