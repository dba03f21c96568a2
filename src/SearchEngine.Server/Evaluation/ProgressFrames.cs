namespace SearchEngine.Server.Evaluation;

/// <summary>Tells a caller how far long work is, a few times a second, from the flow that also sends its results.</summary>
internal sealed class ProgressFrames(TimeProvider time, Func<Wire.Progress, ValueTask> write)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly long _began = time.GetTimestamp();

    /// <param name="phase">What is done, for people.</param>
    /// <param name="done">How much of it.</param>
    /// <param name="total">Of how much; 0 where that is not known.</param>
    public async Task<T> FollowAsync<T>(string phase, Func<long> done, long total, Task<T> work, CancellationToken cancel)
    {
        long phaseBegan = time.GetTimestamp();
        try
        {
            do
            {
                await write(Now(phase, done(), total, time.GetElapsedTime(phaseBegan))).ConfigureAwait(false);
            }
            while (await Task.WhenAny(work, Task.Delay(Every, time, cancel)).ConfigureAwait(false) != work && !cancel.IsCancellationRequested);
        }
        finally
        {
            // Whoever waits has gone; what was begun uses the call until it has noticed.
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return await work.ConfigureAwait(false);
    }

    private Wire.Progress Now(string phase, long done, long total, TimeSpan ofPhase) => new()
    {
        Phase = phase,
        Done = (ulong)done,
        Total = (ulong)total,
        ElapsedMicros = (ulong)time.GetElapsedTime(_began).TotalMicroseconds,
        RemainingMicros = done == 0 ? 0 : (ulong)(ofPhase.TotalMicroseconds * Math.Max(0, total - done) / done),
    };
}
