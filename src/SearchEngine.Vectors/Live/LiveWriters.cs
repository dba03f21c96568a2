using System.Collections.Concurrent;

namespace SearchEngine.Vectors.Live;

/// <summary>The workers of an index: at most as many as there may be writers, each used by one thread at a time.</summary>
internal sealed class LiveWriters : IDisposable
{
    private readonly LiveRows _rows;
    private readonly LiveIndex _index;
    private readonly int _most;
    private readonly WritersAtWork _atWork;
    private readonly ConcurrentBag<LiveWorker> _idle = [];
    private readonly SemaphoreSlim _free;
    private int _made;

    public LiveWriters(LiveRows rows, LiveIndex index, SegmentOptions options)
    {
        _rows = rows;
        _index = index;
        _most = options.Threads;
        _atWork = new WritersAtWork(_most);
        _free = new SemaphoreSlim(_most, _most);
    }

    /// <summary>Waits for a worker; give it back with <see cref="Return"/>.</summary>
    public LiveWorker Take()
    {
        _free.Wait();
        return _idle.TryTake(out LiveWorker? worker)
            ? worker
            : new LiveWorker(_rows, _index, _atWork, Interlocked.Increment(ref _made) - 1, _most);
    }

    public void Return(LiveWorker worker)
    {
        _idle.Add(worker);
        _free.Release();
    }

    public void Dispose()
    {
        foreach (LiveWorker worker in _idle)
        {
            worker.Dispose();
        }
        _free.Dispose();
    }
}
