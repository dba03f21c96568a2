using SearchEngine.Rpc.Health;

namespace SearchEngine.Rpc.Operations;

/// <summary>
/// Why a process is not ready, part by part. While a reason stands, gRPC health says NOT_SERVING for everything and <c>/readyz</c>
/// answers 503 with the reasons; calls are answered all the same. Safe for concurrent use.
/// </summary>
/// <param name="health">Of the process's gRPC server.</param>
public sealed class ReadinessBoard(HealthBoard health)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, string> _reasons = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _notes = new(StringComparer.Ordinal);

    public bool IsReady => Reasons.Count == 0;

    /// <summary>What is not ready and why, ordered by part; a draining server is one of the reasons.</summary>
    public IReadOnlyList<(string Part, string Reason)> Reasons
    {
        get
        {
            lock (_gate)
            {
                var reasons = _reasons.Select(reason => (reason.Key, reason.Value)).ToList();
                if (health.IsDraining) reasons.Add(("server", "draining: no new calls are taken"));
                return reasons;
            }
        }
    }

    /// <summary>What is missing without keeping the process from serving, and what does not work for it, ordered by part.</summary>
    public IReadOnlyList<(string Part, string Note)> Notes
    {
        get
        {
            lock (_gate)
            {
                return [.. _notes.Select(note => (note.Key, note.Value))];
            }
        }
    }

    /// <summary>
    /// Says, or says anew, what is missing of <paramref name="part"/>: told with the answer that the process is ready. A process that went
    /// out of service for it would take what still works away from its callers.
    /// </summary>
    public void Note(string part, string note)
    {
        lock (_gate)
        {
            _notes[part] = note;
        }
    }

    /// <summary>Says, or says anew, why <paramref name="part"/> is not ready.</summary>
    public void Wait(string part, string reason)
    {
        lock (_gate)
        {
            _reasons[part] = reason;
            health.Hold();
        }
    }

    public void Clear(string part)
    {
        lock (_gate)
        {
            _notes.Remove(part);
            if (_reasons.Remove(part) && _reasons.Count == 0) health.Release();
        }
    }
}
