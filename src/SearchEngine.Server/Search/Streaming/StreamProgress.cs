using SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search.Streaming;

/// <summary>
/// Hands what a search finds from the search's thread to the stream's. There is room for one moment: a newer one takes the place of
/// one that was not sent, so a slow reader costs the memory of one list however long it sleeps.
/// </summary>
internal sealed class StreamProgress(TimeProvider clock, TimeSpan interval, bool wantsMoments) : ISearchProgress, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changed = new(0);
    private PlannedSearch? _planned;
    private (uint Revision, SearchMoment Moment)? _newest;
    private uint _revision;
    private long _nextAt = long.MinValue;
    private bool _isSignalled;
    private bool _isOver;

    public bool IsWanted => wantsMoments && clock.GetTimestamp() >= Volatile.Read(ref _nextAt);

    public void Planned(long matches, int segments, ulong sequence)
    {
        lock (_gate)
        {
            _planned = new PlannedSearch(matches, segments, sequence);
            Signal();
        }
    }

    public void Improved(SearchMoment moment)
    {
        lock (_gate)
        {
            if (!IsWanted || _isOver)
            {
                return;
            }
            _newest = (++_revision, moment);
            Signal();
        }
    }

    /// <summary>The search has ended, well or not; what was not sent yet is of no interest any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            Signal();
        }
    }

    /// <summary>Waits for something to send.</summary>
    /// <returns>Null when the search has ended.</returns>
    public async ValueTask<StreamStep?> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            await _changed.WaitAsync(cancel).ConfigureAwait(false);
            lock (_gate)
            {
                _isSignalled = false;
                StreamStep step = new(_planned, _isOver ? null : _newest);
                (_planned, _newest) = (null, null);
                if (step.Plan is not null || step.Newest is not null)
                {
                    if (_isOver)
                    {
                        Signal();
                    }
                    return step;
                }
                if (_isOver)
                {
                    return null;
                }
            }
        }
    }

    /// <summary>A moment was taken by the client: the next may follow after the interval.</summary>
    public void Sent() => Volatile.Write(ref _nextAt, clock.GetTimestamp() + (long)(interval.TotalSeconds * clock.TimestampFrequency));

    public void Dispose() => _changed.Dispose();

    // At most one permit waits: the reader takes whatever is newest then.
    private void Signal()
    {
        if (!_isSignalled)
        {
            _isSignalled = true;
            _changed.Release();
        }
    }
}
