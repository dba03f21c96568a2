namespace SearchEngine.Server.Evaluation;

/// <summary>Tells a caller how far long work is, a few times a second, from the flow that also sends its results.</summary>
internal sealed class ProgressFrames(TimeProvider time, Func<Wire.Progress, ValueTask> write)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly long _began = time.GetTimestamp();
    private string? _phase;
    private long _phaseBegan;
    private long _told;

    /// <param name="phase">What is done, for people. Work of the same phase goes on where the work before it ended.</param>
    /// <param name="done">How much of it.</param>
    /// <param name="total">Of how much; 0 where that is not known.</param>
    public async Task<T> FollowAsync<T>(string phase, Func<long> done, long total, Task<T> work, CancellationToken cancel)
    {
        try
        {
            do
            {
                if (phase != _phase)
                {
                    (_phase, _phaseBegan) = (phase, time.GetTimestamp());
                }
                else if (time.GetElapsedTime(_told) < Every)
                {
                    continue;
                }
                _told = time.GetTimestamp();
                await write(Now(phase, done(), total, time.GetElapsedTime(_phaseBegan))).ConfigureAwait(false);
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
