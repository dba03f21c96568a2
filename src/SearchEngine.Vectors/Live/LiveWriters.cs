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
    private readonly ConcurrentBag<int> _unmade;
    private readonly SemaphoreSlim _free;

    public LiveWriters(LiveRows rows, LiveIndex index, SegmentOptions options)
    {
        _rows = rows;
        _index = index;
        _most = options.Threads;
        _atWork = new WritersAtWork(_most);
        _unmade = [.. Enumerable.Range(0, _most)];
        _free = new SemaphoreSlim(_most, _most);
    }

    /// <summary>Waits for a worker; give it back with <see cref="Return"/>.</summary>
    public LiveWorker Take()
    {
        _free.Wait();
        while (true)
        {
            // Whoever holds a permit finds one or the other, though not always at the first look.
            if (_idle.TryTake(out LiveWorker? worker))
            {
                return worker;
            }
            if (_unmade.TryTake(out int writer))
            {
                return Make(writer);
            }
        }
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

    private LiveWorker Make(int writer)
    {
        try
        {
            return new LiveWorker(_rows, _index, _atWork, writer, _most);
        }
        catch
        {
            // For want of memory, as a rule: the next one may find some.
            _unmade.Add(writer);
            _free.Release();
            throw;
        }
    }
}
