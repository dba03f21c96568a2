namespace SearchEngine.Rpc.Server;

/// <summary>
/// The calls in progress. One list per core: calls join and leave on the core that serves them, so that no cache line is
/// passed around for it (2026-11-21: one shared list cost a tenth of a call on two cores).
/// </summary>
internal sealed class ActiveCalls
{
    private readonly CallList[] _lists = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new CallList())];
    private readonly int _limit;
    private volatile TaskCompletionSource? _empty;

    // Set while more than half of the limit is in use: only then is every list counted for each call.
    private volatile bool _countAll;

    public ActiveCalls(int limit) => _limit = limit;

    public int Count => _lists.Sum(list => list.Count);

    /// <summary>
    /// False when the limit is reached; the call has joined all the same and has to leave. Joining comes before counting: of two
    /// calls that come at once and find one place, at least one sees the other.
    /// </summary>
    public bool TryAdd(ServerCall call)
    {
        CallList list = _lists[Thread.GetCurrentProcessorId() % _lists.Length];
        call.List = list;
        int own = list.Add(call);
        // While no list has more than its part of half the limit, all together have no more than half.
        if (!_countAll && (long)own * _lists.Length <= _limit / 2) return true;
        int all = Count;
        _countAll = all > _limit / 2;
        return all <= _limit;
    }

    public void Remove(ServerCall call)
    {
        call.List!.Remove(call);
        if (_empty is { } empty && Count == 0) empty.TrySetResult();
    }

    /// <summary>Completes when no call is left; meant for a server that admits no new ones.</summary>
    public Task WhenEmptyAsync()
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The exchange is a fence: a call that left before it is counted below, one that leaves after it sees the signal.
        TaskCompletionSource empty = Interlocked.CompareExchange(ref _empty, mine, null) ?? mine;
        if (Count == 0) empty.TrySetResult();
        return empty.Task;
    }

    /// <summary>How many calls of each method are in progress; methods without one are missing.</summary>
    public Dictionary<ServerMethod, int> CountByMethod() =>
        _lists.SelectMany(list => list.Snapshot()).CountBy(call => call.Method).ToDictionary();

    public int CountWhere(Func<ServerCall, bool> which) => _lists.SelectMany(list => list.Snapshot()).Count(which);

    public void End(CallEnd cause, Func<ServerCall, bool> which)
    {
        // Outside the lists' locks: ending a call runs the handler's continuations, which leave the lists.
        foreach (ServerCall call in _lists.SelectMany(list => list.Snapshot()).Where(which).ToArray()) call.End(cause);
    }
}
