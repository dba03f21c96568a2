namespace SearchEngine.Collections.Core;

/// <summary>
/// Runs work that takes long and changes nothing of the collection, such as copying files that it holds: each on a thread of its own, at
/// low priority, so that neither upkeep nor callers wait for it.
/// </summary>
internal sealed class CopyThreads(string name) : IDisposable
{
    private readonly object _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private int _running;
    private bool _ended;

    /// <exception cref="CollectionException">Closed: nothing was begun.</exception>
    public Task<T> Run<T>(Func<CancellationToken, T> work, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_ended)
            {
                throw Closed();
            }
            _running++;
        }
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Run(work, done, cancel)) { Name = "copy " + name, IsBackground = true }.Start();
        return done.Task;
    }

    /// <summary>Cancels what runs and waits for its end.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        lock (_gate)
        {
            _ended = true;
            while (_running > 0)
            {
                Monitor.Wait(_gate);
            }
        }
        _stop.Dispose();
    }

    private static CollectionException Closed() => new(CollectionError.Closed, "", "The collection is being closed.", "Open it again.");

    private void Run<T>(Func<CancellationToken, T> work, TaskCompletionSource<T> done, CancellationToken cancel)
    {
        BackgroundPriority.Lower();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancel);
            done.SetResult(work(either.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            done.SetException(Closed());
        }
        catch (OperationCanceledException cancelled)
        {
            done.SetCanceled(cancelled.CancellationToken);
        }
        catch (Exception failure)
        {
            done.SetException(failure);
        }
        finally
        {
            lock (_gate)
            {
                _running--;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
