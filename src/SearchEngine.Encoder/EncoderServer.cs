using Microsoft.Extensions.Logging;
using SearchEngine.Encoder.Calls;
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
    private readonly EncoderCore _core;
    private readonly CancellationTokenSource _stopping = new();

    private EncoderServer(RpcServer rpc, OperationsServer? operations, EncoderCore core, ReadinessBoard readiness)
    {
        (Rpc, Operations, _core, Readiness) = (rpc, operations, core, readiness);
        Ready = Task.Factory.StartNew(
            () => core.StartUp.Reach(_stopping.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>As in every reply's header.</summary>
    public static string Version => EncoderState.Version;

    public RpcServer Rpc { get; }

    /// <summary>The port of /metrics, /healthz and /readyz; null where none was asked for.</summary>
    public OperationsServer? Operations { get; }

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
        var readiness = new ReadinessBoard(rpc.Health);
        var core = EncoderCore.Open(options, readiness, rpc.MeterScope, configureLogs);
        OperationsServer? operations = null;
        try
        {
            if (options.Operations is { } listen)
            {
                var second = new OperationsOptions { Listen = listen, Readiness = readiness, MeterScope = rpc.MeterScope };
                operations = await OperationsServer.StartAsync(second, configureLogs).ConfigureAwait(false);
            }
            var served = EncoderContract.Bind(new EncoderService(core.State));
            return new EncoderServer(await RpcServer.StartAsync(rpc, [served], configureLogs).ConfigureAwait(false), operations, core, readiness);
        }
        catch
        {
            if (operations is not null)
                await operations.DisposeAsync().ConfigureAwait(false);
            core.Dispose();
            throw;
        }
    }

    /// <summary>Drains, stops the executors and closes the models.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Rpc.DisposeAsync().ConfigureAwait(false);
        await Ready.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Operations is not null)
            await Operations.DisposeAsync().ConfigureAwait(false);
        _core.Dispose();
        _stopping.Dispose();
    }
}
