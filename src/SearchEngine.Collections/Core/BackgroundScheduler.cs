using System.Collections.Concurrent;

namespace SearchEngine.Collections.Core;

/// <summary>
/// Runs what background work splits off (the vector core's loops over rows) on threads of low priority: the pool's threads have that of
/// searches, and would make a merge their equal.
/// </summary>
internal sealed class BackgroundScheduler(int threads, string name) : TaskScheduler, IDisposable
{
    [ThreadStatic]
    private static BackgroundScheduler? _ofThisThread;

    private readonly BlockingCollection<Task> _waiting = [];
    private readonly Lock _gate = new();
    private Thread[]? _started;

    public override int MaximumConcurrencyLevel => threads;

    /// <summary>Runs work on the calling thread, whose priority is low already; loops that it begins run here and on the other
    /// threads.</summary>
    public void RunHere(Action work)
    {
        _ofThisThread = this;
        try
        {
            var task = new Task(work);
            task.RunSynchronously(this);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            _ofThisThread = null;
        }
    }

    /// <summary>No work is under way.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        Array.ForEach(_started ?? [], static t => t.Join());
        _waiting.Dispose();
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            _started ??= [.. Enumerable.Range(0, threads).Select(Begin)];
        }
        _waiting.Add(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => _ofThisThread == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _waiting.ToArray();

    private Thread Begin(int number)
    {
        var thread = new Thread(Run) { Name = $"upkeep {number} {name}", IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Run()
    {
        BackgroundPriority.Lower();
        _ofThisThread = this;
        foreach (Task task in _waiting.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
