namespace SearchEngine.Rpc.Server;

/// <summary>Calls in an intrusive list: joining and leaving allocate nothing.</summary>
internal sealed class CallList
{
    private readonly Lock _gate = new();
    private ServerCall? _first;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Returns how many the list now holds.</summary>
    public int Add(ServerCall call)
    {
        lock (_gate)
        {
            call.Next = _first;
            if (_first is not null) _first.Previous = call;
            _first = call;
            return ++_count;
        }
    }

    public void Remove(ServerCall call)
    {
        lock (_gate)
        {
            if (call.Previous is { } previous) previous.Next = call.Next;
            else _first = call.Next;
            if (call.Next is { } next) next.Previous = call.Previous;
            call.Next = call.Previous = null;
            _count--;
        }
    }

    public List<ServerCall> Snapshot()
    {
        lock (_gate)
        {
            var calls = new List<ServerCall>(_count);
            for (ServerCall? call = _first; call is not null; call = call.Next) calls.Add(call);
            return calls;
        }
    }
}
