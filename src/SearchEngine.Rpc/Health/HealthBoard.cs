using SearchEngine.Rpc.Health.V1;

namespace SearchEngine.Rpc.Health;

using ServingStatus = HealthCheckResponse.Types.ServingStatus;

/// <summary>What the server says of its own health, per service; the empty name is the server as a whole. Safe for concurrent use.</summary>
public sealed class HealthBoard
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = NewSignal();
    private bool _isHeld;

    /// <summary>True while the server takes no new work: every status reads NOT_SERVING.</summary>
    internal bool IsDraining { get; private set; }

    public void Set(string service, ServingStatus status) => Change(() => _statuses[service] = status);

    /// <summary>The status of a service and a task that completes at the next change; null for a service never registered.</summary>
    internal (ServingStatus? Status, Task Changed) Read(string service)
    {
        lock (_gate) return (_statuses.TryGetValue(service, out ServingStatus status) ? Shown(status) : null, _changed.Task);
    }

    internal IReadOnlyDictionary<string, ServingStatus> ReadAll()
    {
        lock (_gate) return _statuses.ToDictionary(entry => entry.Key, entry => Shown(entry.Value), StringComparer.Ordinal);
    }

    /// <summary>Services not spoken of before are SERVING; what the owner has set stands.</summary>
    internal void Register(IEnumerable<string> services) => Change(() =>
    {
        foreach (string service in services.Prepend("")) _statuses.TryAdd(service, ServingStatus.Serving);
    });

    internal void Drain() => Change(() => IsDraining = true);

    internal void Resume() => Change(() => IsDraining = false);

    /// <summary>From now on everything reads NOT_SERVING; what is set shows again after <see cref="Release"/>.</summary>
    internal void Hold() => Change(() => _isHeld = true);

    internal void Release() => Change(() => _isHeld = false);

    private ServingStatus Shown(ServingStatus status) => IsDraining || _isHeld ? ServingStatus.NotServing : status;

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            changed = _changed;
            _changed = NewSignal();
        }
        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
