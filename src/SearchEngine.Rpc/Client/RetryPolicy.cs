namespace SearchEngine.Rpc.Client;

/// <summary>
/// When a call that ended with UNAVAILABLE is tried again: after the delay the server asked for (RetryInfo), else after a
/// growing one, spread at random so that clients do not come back together.
/// </summary>
public sealed record RetryPolicy
{
    public static RetryPolicy None { get; } = new() { MaxAttempts = 1 };

    /// <summary>Attempts in all, the first included. Default 4.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>Default 50 ms.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Default 5 s; bounds what a server may ask for, too: a longer wish ends the call at once.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Default 2.</summary>
    public double Growth { get; init; } = 2;

    public void Validate()
    {
        if (MaxAttempts < 1) throw new ArgumentOutOfRangeException(nameof(MaxAttempts), "Fewer than one attempt never calls.");
        if (FirstDelay <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(FirstDelay), "Without a delay retries hammer a server that is down.");
        if (Growth < 1) throw new ArgumentOutOfRangeException(nameof(Growth), "Below 1 delays shrink and retries hammer a server that is down.");
    }

    /// <summary>How long to wait before the next attempt; null when there is to be none.</summary>
    /// <param name="error">How the last attempt ended.</param>
    /// <param name="attempt">Attempts made so far.</param>
    /// <param name="remaining">Time to the deadline, if there is one.</param>
    /// <param name="spread">A random number in [0, 1).</param>
    public TimeSpan? DelayAfter(RpcException error, int attempt, TimeSpan? remaining, double spread)
    {
        if (error.Code != StatusCode.Unavailable || attempt >= MaxAttempts) return null;
        double growing = Math.Min(FirstDelay.TotalMilliseconds * Math.Pow(Growth, attempt - 1), MaxDelay.TotalMilliseconds);
        var own = TimeSpan.FromMilliseconds(growing * (0.5 + spread / 2));
        TimeSpan delay = error.RetryDelay ?? own;
        return delay > MaxDelay || delay >= remaining ? null : delay;
    }
}
