namespace SearchEngine.Server.Collections;

/// <summary>A long operation that runs, and all who watch it.</summary>
internal sealed class Operation(Wire.OperationKind kind, string phase, TimeProvider time, CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource _cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly long _began = time.GetTimestamp();
    private int _watchers;
    private bool _goesOn;
    private bool _ended;

    public Wire.OperationKind Kind { get; } = kind;

    public CancellationToken Cancellation => _cancel.Token;

    /// <summary>Work of unknown size: what it does and for how long, which is all there is to say.</summary>
    public Wire.Progress Progress => new() { Phase = phase, ElapsedMicros = (ulong)time.GetElapsedTime(_began).TotalMicroseconds };

    public Task Task { get; set; } = Task.CompletedTask;

    /// <summary>Called with the gate of <see cref="LongOperations"/> held.</summary>
    public void Join(bool goesOn)
    {
        _watchers++;
        _goesOn |= goesOn;
    }

    /// <summary>Stops the work when the last watcher has gone and none of them wanted it to go on without.</summary>
    public void Leave()
    {
        if (--_watchers == 0 && !_goesOn && !_ended)
        {
            _cancel.Cancel();
        }
    }

    /// <summary>Its work is over. Called with the gate held.</summary>
    public void Dispose()
    {
        _ended = true;
        _cancel.Dispose();
    }
}
