namespace SearchEngine.Server.Search.Admission;

/// <summary>
/// One lane: callers take turns by the work they were given, each in order of arrival. Also when it is crowded: it is so short that nobody
/// waits long, and the newest first would leave those let in before waiting for as long as the crowd lasts.
/// </summary>
internal sealed class LaneQueue(double weight, TimeProvider clock)
{
    private readonly Dictionary<string, CallerQueue> _callers = new(StringComparer.Ordinal);
    private double _clock;
    private long _latest;

    public double Weight { get; } = weight;

    /// <summary>Virtual time of the lane: work taken from it by its weight. The lane with the least is next.</summary>
    public double Served { get; set; }

    public long QueuedMicros { get; private set; }

    public int Count { get; private set; }

    /// <summary>Time stamp from which on somebody has been waiting, but for moments of less than <see cref="AdmissionSettings.Gone"/>; of
    /// the last crowd while nobody waits.</summary>
    public long WaitingSince { get; private set; }

    public bool IsEmpty => _callers.Count == 0;

    public bool HasOthersThan(string caller) => _callers.Count > (_callers.ContainsKey(caller) ? 1 : 0);

    public long QueuedOf(string caller) => _callers.TryGetValue(caller, out CallerQueue? queue) ? queue.QueuedMicros : 0;

    /// <summary>The caller with most in the queue; the lane is not empty.</summary>
    public CallerQueue Greatest => Least(static c => -c.QueuedMicros);

    public void Add(Waiter waiter)
    {
        if (IsEmpty && clock.GetElapsedTime(_latest, waiter.Since) >= AdmissionSettings.Gone)
        {
            WaitingSince = waiter.Since;
        }
        _latest = waiter.Since;
        if (!_callers.TryGetValue(waiter.Order.Caller, out CallerQueue? queue))
        {
            queue = new CallerQueue(waiter.Order.Caller, _clock);
            _callers.Add(queue.Caller, queue);
        }
        queue.Add(waiter);
        Count++;
        QueuedMicros += waiter.Order.PredictedMicros;
    }

    public Waiter Take()
    {
        CallerQueue queue = Least(static c => c.Served);
        Waiter next = queue.TakeOldest();
        _clock = Math.Max(_clock, queue.Served);
        Served += next.Order.PredictedMicros / Weight;
        Forget(queue, next);
        return next;
    }

    /// <summary>Takes the newest of a caller out for good.</summary>
    public Waiter Evict(CallerQueue queue)
    {
        Waiter last = queue.TakeNewest();
        Forget(queue, last);
        return last;
    }

    public void Remove(Waiter waiter)
    {
        CallerQueue queue = _callers[waiter.Order.Caller];
        if (queue.Remove(waiter))
        {
            Forget(queue, waiter);
        }
    }

    // By hand: with the desk's lock held, for everybody who waits and everybody who is refused.
    private CallerQueue Least(Func<CallerQueue, double> measure)
    {
        CallerQueue? least = null;
        foreach (CallerQueue queue in _callers.Values)
        {
            if (least is null || measure(queue) < measure(least))
            {
                least = queue;
            }
        }
        return least!;
    }

    private void Forget(CallerQueue queue, Waiter taken)
    {
        Count--;
        QueuedMicros -= taken.Order.PredictedMicros;
        if (queue.IsEmpty)
        {
            _callers.Remove(queue.Caller);
        }
    }
}
