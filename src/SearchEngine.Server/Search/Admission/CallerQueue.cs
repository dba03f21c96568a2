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
        _waiters.AddLast(waiter);
        QueuedMicros += waiter.Order.PredictedMicros;
    }

    public bool Remove(Waiter waiter)
    {
        bool removed = _waiters.Remove(waiter);
        QueuedMicros -= removed ? waiter.Order.PredictedMicros : 0;
        return removed;
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
