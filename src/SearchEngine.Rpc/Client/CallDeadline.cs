namespace SearchEngine.Rpc.Client;

/// <summary>The caller's cancellation and the deadline of one attempt, kept apart so that each is reported as what it is.</summary>
internal sealed class CallDeadline : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource? _timer;
    private readonly CancellationTokenSource _both;

    public CallDeadline(TimeSpan? timeout, TimeProvider time, CancellationToken caller)
    {
        _caller = caller;
        if (timeout is { } limit) _timer = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.FromTicks(1), time);
        _both = CancellationTokenSource.CreateLinkedTokenSource(caller, _timer?.Token ?? CancellationToken.None);
    }

    public CancellationToken Token => _both.Token;

    public void Cancel() => _both.Cancel();

    /// <summary>What the end of this attempt means when it was the caller, the clock or <see cref="Cancel"/>; null for anything else.</summary>
    public Exception? Explain(Exception failure)
    {
        if (_caller.IsCancellationRequested) return new OperationCanceledException("The call was cancelled.", failure, _caller);
        if (_timer is { IsCancellationRequested: true }) return Exceeded();
        return failure is OperationCanceledException
            ? new RpcException(StatusCode.Cancelled, "The call was given up before it ended.", cause: failure)
            : null;
    }

    public static RpcException Exceeded() => new(StatusCode.DeadlineExceeded, "The deadline passed before the call was done.");

    public void Dispose()
    {
        _both.Dispose();
        _timer?.Dispose();
    }
}
