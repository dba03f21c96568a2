using SearchEngine.Collections;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>Keeps the upkeep of a collection busy, as a long merge would: neither flushes nor merges begin until it is let go.</summary>
internal sealed class UpkeepHold : IProgress<WorkProgress>
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _released = new();
    private readonly Task _optimisation;

    private UpkeepHold(Collection collection) => _optimisation = collection.OptimiseAsync(1, this);

    public static async Task<UpkeepHold> TakeAsync(Collection collection)
    {
        var hold = new UpkeepHold(collection);
        await await Task.WhenAny(hold._held.Task, hold._optimisation);
        return hold;
    }

    /// <summary>Upkeep goes on with what was asked of it meanwhile.</summary>
    public async Task ReleaseAsync()
    {
        _released.Set();
        try
        {
            await _optimisation;
        }
        catch (OperationCanceledException)
        {
            // That is how it is let go.
        }
        _released.Dispose();
    }

    void IProgress<WorkProgress>.Report(WorkProgress value)
    {
        _held.TrySetResult();
        _released.Wait();
        throw new OperationCanceledException("The optimisation was only to keep upkeep busy.");
    }
}
