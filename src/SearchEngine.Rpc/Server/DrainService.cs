using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SearchEngine.Rpc.Server;

/// <summary>
/// Ends a server in order: health says NOT_SERVING, new calls are refused, calls in progress get
/// <see cref="RpcServerOptions.DrainTime"/>, the rest end with UNAVAILABLE. Runs before Kestrel closes its connections.
/// </summary>
internal sealed class DrainService(RpcServerOptions options, RpcDispatcher dispatcher, ILogger log) : IHostedLifecycleService
{
    // The time that ended calls have to leave their handlers.
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(1);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        RpcLog.DrainBegins(log, dispatcher.Active.Count, options.DrainTime.TotalSeconds);
        options.Health.Drain();
        dispatcher.Admission = Admission.None;
        if (await EmptiesWithinAsync(options.DrainTime, cancellationToken).ConfigureAwait(false)) return;
        RpcLog.DrainEnds(log, dispatcher.Active.Count);
        dispatcher.Active.End(CallEnd.Drained, _ => true);
        await EmptiesWithinAsync(LeaveTime, cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> EmptiesWithinAsync(TimeSpan time, CancellationToken cancellation)
    {
        Task empty = dispatcher.Active.WhenEmptyAsync();
        await Task.WhenAny(empty, Task.Delay(time, options.Time, cancellation)).ConfigureAwait(false);
        return empty.IsCompleted;
    }
}
