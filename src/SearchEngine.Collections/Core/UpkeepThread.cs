namespace SearchEngine.Collections.Core;

/// <summary>
/// The thread that makes immutable segments of live ones, merges them, and does what was asked for meanwhile. It runs at low
/// priority: searches go first. A merge that was under way when the process ended is gone on with after the next start.
/// </summary>
internal sealed class UpkeepThread : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly CollectionState _state;
    private readonly Checkpoint _checkpoint;
    private readonly SegmentMerge _merge;
    private readonly Queue<Errand> _errands = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly AutoResetEvent _asked = new(false);
    private readonly WaitHandle[] _reasons;
    private readonly Thread _thread;

    /// <summary>Where loops over rows run that upkeep begins.</summary>
    private readonly BackgroundScheduler _helpers;
    private bool _stopped;

    public UpkeepThread(CollectionState state, Checkpoint checkpoint, SegmentMerge merge, string name)
    {
        _state = state;
        _checkpoint = checkpoint;
        _merge = merge;
        _reasons = [_stop.Token.WaitHandle, _asked];
        _helpers = new BackgroundScheduler(state.Settings.UpkeepThreads, name);
        _thread = new Thread(Start) { Name = "upkeep " + name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs something on this thread, between flushes and merges.</summary>
    public Task<T> Ask<T>(Func<CancellationToken, T> errand, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_errands)
        {
            if (_stopped)
            {
                throw new CollectionException(CollectionError.Closed, "", "The collection is being closed.", "Open it again.");
            }
            _errands.Enqueue(new Errand(
                stop =>
                {
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancel);
                    try
                    {
                        done.SetResult(errand(either.Token));
                    }
                    catch (OperationCanceledException cancelled)
                    {
                        done.SetCanceled(cancelled.CancellationToken);
                    }
                    catch (Exception failure)
                    {
                        done.SetException(failure);
                    }
                },
                () => done.TrySetCanceled(CancellationToken.None)));
            _asked.Set();
        }
        return done.Task;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _helpers.Dispose();
        lock (_errands)
        {
            _stopped = true;
            while (_errands.TryDequeue(out Errand? errand))
            {
                errand.Abandon();
            }
        }
        _stop.Dispose();
        _asked.Dispose();
    }

    private void Start()
    {
        BackgroundPriority.Lower();
        _helpers.RunHere(Run);
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            TimeSpan wait = Pause;
            try
            {
                if (Step())
                {
                    continue;
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Nothing is lost: the live segments and the log hold it all. The next attempt may find more room.
                _state.Health.Report(CollectionHealth.Upkeep, failure);
                wait = AfterFailure;
            }
            _ = WaitHandle.WaitAny(_reasons, wait);
        }
    }

    private bool Step()
    {
        // However often a flush is asked for, there are never more segments than may stand.
        if (_state.IsCrowded && _state.Health.FailureOf(CollectionHealth.Upkeep) is null)
        {
            return TryMerge();
        }
        if (TryTakeErrand() is { } errand)
        {
            errand.Run(_stop.Token);
            return true;
        }
        if (_state.Boundary is not null || _state.WantsCheckpoint())
        {
            _checkpoint.Run(_stop.Token);
            _state.Health.Recovered(CollectionHealth.Upkeep);
            return true;
        }
        return TryMerge();
    }

    private bool TryMerge()
    {
        DurableSegment[] inputs = _merge.TakeUnfinished() ?? Due();
        if (inputs.Length > 0)
        {
            _merge.Run(inputs, _stop.Token);
        }
        _state.Health.Recovered(CollectionHealth.Upkeep);
        return inputs.Length > 0 || TryMergePaid();
    }

    private DurableSegment[] Due()
    {
        IReadOnlyList<DurableSegment> sound = _state.Sound();
        int[] inputs = MergePolicy.Choose([.. sound.Select(static s => s.Size)], CollectionState.MaxStanding, _state.Settings.Limits);
        return [.. inputs.Select(i => sound[i])];
    }

    // Nothing rests on such a merge. When it fails, that is said, but no writer is refused for it, and it is tried again when searches have
    // paid as much once more.
    private bool TryMergePaid()
    {
        IReadOnlyList<DurableSegment> sound = _state.Sound();
        if (MergeOffer.Best([.. sound.Select(static s => s.Size)], _state.Settings.Limits) is not { IsDue: true } due)
        {
            return false;
        }
        DurableSegment[] inputs = [.. due.Segments.Select(i => sound[i])];
        try
        {
            _merge.Run(inputs, _stop.Token);
            _state.PaidMerges++;
            _state.Health.Recovered(CollectionHealth.Merging);
        }
        catch (Exception failure) when (!_stop.IsCancellationRequested)
        {
            // First: who sees the failure knows that what it pays from now on counts.
            Array.ForEach(inputs, static i => i.Segment.Value.ForgetSearches());
            _state.Health.Report(CollectionHealth.Merging, failure);
        }
        return true;
    }

    private Errand? TryTakeErrand()
    {
        lock (_errands)
        {
            return _errands.TryDequeue(out Errand? errand) ? errand : null;
        }
    }

    private sealed record Errand(Action<CancellationToken> Run, Action Abandon);
}
