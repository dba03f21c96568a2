namespace SearchEngine.Server.Collections;

/// <summary>Operations that take long: who asks for one that runs already joins it. They outlive their callers if these say so.</summary>
internal sealed class LongOperations(TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Collection, Wire.OperationKind Kind, string Variant), Operation> _running = [];

    /// <param name="collection">Its own name.</param>
    /// <param name="variant">Operations of one kind that differ in it are different ones.</param>
    public Work Describe(string collection, Wire.OperationKind kind, string variant, string phase) => new(this, collection, kind, variant, phase);

    /// <summary>Those of a collection that run now.</summary>
    public IReadOnlyList<Wire.RunningOperation> Of(string collection)
    {
        lock (_gate)
        {
            return
            [
                .. _running.Where(r => r.Key.Collection == collection)
                    .Select(static r => new Wire.RunningOperation { Kind = r.Value.Kind, Progress = r.Value.Progress }),
            ];
        }
    }

    private async Task<T> FollowAsync<T>(
        Work work, bool goesOn, Func<Operation, Task<T>> start, Func<Wire.Progress, ValueTask> report, CancellationToken cancel)
    {
        Operation operation = Join(work, goesOn, start);
        try
        {
            var task = (Task<T>)operation.Task;
            while (true)
            {
                await report(operation.Progress).ConfigureAwait(false);
                if (await Task.WhenAny(task, Task.Delay(ReportEvery, time, cancel)).ConfigureAwait(false) == task)
                {
                    T result = await task.ConfigureAwait(false);
                    // So that who watches sees the end of the work as well.
                    await report(operation.Progress).ConfigureAwait(false);
                    return result;
                }
                cancel.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            lock (_gate)
            {
                operation.Leave();
            }
        }
    }

    private Operation Join<T>(Work work, bool goesOn, Func<Operation, Task<T>> start)
    {
        lock (_gate)
        {
            if (!_running.TryGetValue(work.Key, out Operation? operation) || operation.Cancellation.IsCancellationRequested)
            {
                // One that was cancelled ends soon; its successor waits for that.
                Task before = operation?.Task ?? Task.CompletedTask;
                operation = new Operation(work.Key.Kind, work.Phase, time, stopping);
                _running[work.Key] = operation;
                operation.Task = RunAsync(work, operation, before, start);
            }
            operation.Join(goesOn);
            return operation;
        }
    }

    private async Task<T> RunAsync<T>(Work work, Operation operation, Task before, Func<Operation, Task<T>> start)
    {
        // The gate is held by who starts it.
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            return await start(operation).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (_running.TryGetValue(work.Key, out Operation? known) && known == operation)
                {
                    _running.Remove(work.Key);
                }
                operation.Dispose();
            }
        }
    }

    /// <summary>One operation, said before it is run.</summary>
    internal sealed class Work(LongOperations all, string collection, Wire.OperationKind kind, string variant, string phase)
    {
        public (string Collection, Wire.OperationKind Kind, string Variant) Key { get; } = (collection, kind, variant);

        public string Phase { get; } = phase;

        /// <summary>Runs it, or joins it where it runs, and reports how far it is until it ends.</summary>
        /// <param name="goesOn">It goes on when this caller goes away.</param>
        /// <param name="start">Told how the work is cancelled, and tells how far it is.</param>
        public Task<T> FollowAsync<T>(
            bool goesOn, Func<Operation, Task<T>> start, Func<Wire.Progress, ValueTask> report, CancellationToken cancel) =>
            all.FollowAsync(this, goesOn, start, report, cancel);
    }
}
