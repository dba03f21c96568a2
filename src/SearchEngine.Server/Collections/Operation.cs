using SearchEngine.Collections;

namespace SearchEngine.Server.Collections;

/// <summary>A long operation that runs, and all who watch it.</summary>
internal sealed class Operation(Wire.OperationKind kind, string phase, TimeProvider time, CancellationToken stopping)
    : IProgress<WorkProgress>, IDisposable
{
    private readonly CancellationTokenSource _cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly long _began = time.GetTimestamp();
    private volatile WorkProgress? _told;
    private int _watchers;
    private bool _goesOn;
    private bool _ended;

    public Wire.OperationKind Kind { get; } = kind;

    public CancellationToken Cancellation => _cancel.Token;

    /// <summary>Without sizes where the work has told none; the time left supposes that it goes on as fast as so far.</summary>
    public Wire.Progress Progress
    {
        get
        {
            var progress = new Wire.Progress { Phase = phase, ElapsedMicros = (ulong)time.GetElapsedTime(_began).TotalMicroseconds };
            if (_told is { } told)
            {
                (progress.Done, progress.Total) = ((ulong)told.Done, (ulong)told.Total);
                progress.RemainingMicros = told.Done > 0 ? (ulong)((double)progress.ElapsedMicros * (told.Total - told.Done) / told.Done) : 0;
            }
            return progress;
        }
    }

    public void Report(WorkProgress value) => _told = value;

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
