namespace SearchEngine.Collections.Core;

/// <summary>
/// The thread that makes immutable segments of live ones, merges them, and does what was asked for meanwhile. It runs at low
/// priority: searches go first. What it was doing when the process ended is begun again after the next start.
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
    private readonly Thread _thread;

    public UpkeepThread(CollectionState state, Checkpoint checkpoint, SegmentMerge merge, string name)
    {
        _state = state;
        _checkpoint = checkpoint;
        _merge = merge;
        _thread = new Thread(Run) { Name = "upkeep " + name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs something on this thread, between flushes and merges.</summary>
    public Task<T> Ask<T>(Func<CancellationToken, T> errand, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_errands)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
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
                    catch (Exception failure) when (failure is IOException or CollectionException)
                    {
                        done.SetException(failure);
                    }
                },
                () => done.TrySetCanceled(CancellationToken.None)));
        }
        return done.Task;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        lock (_errands)
        {
            while (_errands.TryDequeue(out Errand? errand))
            {
                errand.Abandon();
            }
        }
        _stop.Dispose();
    }

    private void Run()
    {
        BackgroundPriority.Lower();
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
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure) when (failure is IOException or CollectionException)
            {
                // Nothing is lost: the live segments and the log hold it all. The next attempt may find more room.
                _state.Health.Report("upkeep", failure);
                wait = AfterFailure;
            }
            _stop.Token.WaitHandle.WaitOne(wait);
        }
    }

    private bool Step()
    {
        if (TryTakeErrand() is { } errand)
        {
            errand.Run(_stop.Token);
            return true;
        }
        if (_state.Boundary is not null || _state.WantsCheckpoint())
        {
            _checkpoint.Run(_stop.Token);
            _state.Health.Recovered("upkeep");
            return true;
        }
        int[] inputs = MergePolicy.Choose([.. _state.Durable.Segments.Select(static s => (s.Dead.Rows, s.Dead.Count))], CollectionState.MaxStanding);
        if (inputs.Length > 0)
        {
            _merge.Run(inputs, _stop.Token);
            _state.Health.Recovered("upkeep");
            return true;
        }
        return false;
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
