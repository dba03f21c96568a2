namespace SearchEngine.Server.Search.Admission;

/// <summary>What waits of one caller in one lane.</summary>
internal sealed class CallerQueue(string caller, double served)
{
    private readonly LinkedList<Waiter> _waiters = [];

    public string Caller { get; } = caller;

    /// <summary>Virtual time: predicted work taken from here. The caller with the least is next.</summary>
    public double Served { get; private set; } = served;

    public long QueuedMicros { get; private set; }

    public bool IsEmpty => _waiters.Count == 0;

    public void Add(Waiter waiter)
    {
        waiter.Place = _waiters.AddLast(waiter);
        QueuedMicros += waiter.Order.PredictedMicros;
    }

    public bool Remove(Waiter waiter)
    {
        if (waiter.Place?.List != _waiters)
        {
            return false;
        }
        // By its place: looking for the newest among ten thousand, with the desk's lock held, took the server a fifth of its goodput.
        _waiters.Remove(waiter.Place);
        QueuedMicros -= waiter.Order.PredictedMicros;
        return true;
    }

    public Waiter TakeOldest() => Take(_waiters.First!.Value);

    public Waiter TakeNewest() => Take(_waiters.Last!.Value);

    private Waiter Take(Waiter waiter)
    {
        Remove(waiter);
        Served += waiter.Order.PredictedMicros;
        return waiter;
    }
}
