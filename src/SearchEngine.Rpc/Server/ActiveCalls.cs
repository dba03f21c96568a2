namespace SearchEngine.Rpc.Server;

/// <summary>The calls in progress, in an intrusive list: joining and leaving allocate nothing.</summary>
internal sealed class ActiveCalls
{
    private readonly Lock _gate = new();
    private ServerCall? _first;
    private TaskCompletionSource? _empty;

    public int Count { get; private set; }

    public void Add(ServerCall call)
    {
        lock (_gate)
        {
            call.NextActive = _first;
            if (_first is not null) _first.PreviousActive = call;
            _first = call;
            Count++;
        }
    }

    public void Remove(ServerCall call)
    {
        TaskCompletionSource? empty = null;
        lock (_gate)
        {
            if (call.PreviousActive is { } previous) previous.NextActive = call.NextActive;
            else _first = call.NextActive;
            if (call.NextActive is { } next) next.PreviousActive = call.PreviousActive;
            call.NextActive = call.PreviousActive = null;
            if (--Count == 0) empty = _empty;
        }
        empty?.TrySetResult();
    }

    /// <summary>Completes when no call is left; meant for a server that admits no new ones.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            if (Count == 0) return Task.CompletedTask;
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    public void EndAll(CallEnd cause)
    {
        var calls = new List<ServerCall>();
        lock (_gate)
        {
            for (ServerCall? call = _first; call is not null; call = call.NextActive) calls.Add(call);
        }
        // Outside the lock: ending a call runs the handler's continuations, which may leave the list.
        foreach (ServerCall call in calls) call.End(cause);
    }
}
