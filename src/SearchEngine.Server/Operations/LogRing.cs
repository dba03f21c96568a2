namespace SearchEngine.Server.Operations;

/// <summary>The newest entries of a log, a bounded number. Readers that fall behind miss the oldest; nobody is waited for.</summary>
internal sealed class LogRing<T>(int capacity)
{
    private readonly Lock _gate = new();
    private readonly T[] _entries = new T[capacity];
    private long _next;
    private TaskCompletionSource _changed = NewSignal();

    public void Add(T entry)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _entries[_next % capacity] = entry;
            _next++;
            changed = _changed;
            _changed = NewSignal();
        }
        changed.SetResult();
    }

    /// <summary>What came since a position, the oldest first, as far as it is still here.</summary>
    /// <returns>The entries, the position to go on from, and a task that completes when there is more.</returns>
    public (List<T> Entries, long Next, Task Changed) Since(long position)
    {
        lock (_gate)
        {
            var entries = new List<T>();
            for (long at = Math.Max(position, _next - capacity); at < _next; at++)
            {
                entries.Add(_entries[at % capacity]);
            }
            return (entries, _next, _changed.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
