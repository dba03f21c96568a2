namespace SearchEngine.Encoder.Batching;

/// <summary>One thread that takes batches and runs them.</summary>
internal sealed class Executor
{
    private readonly BatchQueue _queue;
    private readonly BatchRunner _runner;
    private readonly Thread _thread;

    /// <param name="queue">Where batches come from.</param>
    /// <param name="runner">The thread's own, while the queue has not stopped.</param>
    /// <param name="number">Of the thread's name.</param>
    public Executor(BatchQueue queue, BatchRunner runner, int number)
    {
        (_queue, _runner) = (queue, runner);
        // A thread of its own: native runs take tens of milliseconds, which the pool's threads are not for.
        _thread = new Thread(Work) { Name = $"executor {number}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Waits for the batch at work; the queue must have stopped.</summary>
    public void Join() => _thread.Join();

    private void Work()
    {
        while (_queue.Take() is { } batch)
            _runner.Run(batch);
    }
}
