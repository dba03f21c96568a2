namespace SearchEngine.Rpc.Server;

/// <summary>The deadline of one call, measured on the server's own monotonic clock from the moment the call arrived.</summary>
internal sealed class CallClock(TimeProvider time, TimeSpan timeout)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>The clock of a call without a deadline.</summary>
    public static CallClock Unlimited { get; } = new(TimeProvider.System, Timeout.InfiniteTimeSpan);

    /// <summary>Since the call arrived; meaningless for a call without a deadline.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public TimeSpan? Remaining
    {
        get
        {
            if (timeout == Timeout.InfiniteTimeSpan) return null;
            TimeSpan left = timeout - time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Ends <paramref name="call"/> when the deadline passes; dispose the timer when the call is over.</summary>
    public ITimer? Arm(ServerCall call) => timeout == Timeout.InfiniteTimeSpan
        ? null
        : time.CreateTimer(static state => ((ServerCall)state!).End(CallEnd.Deadline), call, timeout, Timeout.InfiniteTimeSpan);
}
