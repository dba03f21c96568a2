namespace SearchEngine.Server.Rerank;

/// <summary>
/// Hands rounds from the flow that scores to the one that sends. Rounds that were not sent are joined into one, so a slow reader costs one
/// list of candidates however long it sleeps.
/// </summary>
internal sealed class RerankProgress : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changed = new(0);
    private RoundResult? _waiting;
    private bool _isOver;

    public void Add(RoundResult round)
    {
        lock (_gate)
        {
            bool wasEmpty = _waiting is null;
            _waiting = _waiting is { } earlier ? round with { Settled = [.. earlier.Settled, .. round.Settled] } : round;
            if (wasEmpty && !_isOver)
            {
                _changed.Release();
            }
        }
    }

    /// <summary>No round will follow; those that wait are still to be sent.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            _changed.Release();
        }
    }

    /// <returns>Null when the last round was taken.</returns>
    public async ValueTask<RoundResult?> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            await _changed.WaitAsync(cancel).ConfigureAwait(false);
            lock (_gate)
            {
                if (_waiting is { } round)
                {
                    _waiting = null;
                    return round;
                }
                if (_isOver)
                {
                    return null;
                }
            }
        }
    }

    public void Dispose() => _changed.Dispose();
}
