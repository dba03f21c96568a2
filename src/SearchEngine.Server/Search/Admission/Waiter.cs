namespace SearchEngine.Server.Search.Admission;

/// <summary>Work in a queue.</summary>
internal sealed class Waiter(AdmissionDesk desk, WorkOrder order, long since)
    : TaskCompletionSource<Ticket>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Whose queue it is.</summary>
    public AdmissionDesk Desk { get; } = desk;

    public WorkOrder Order { get; } = order;

    /// <summary>Time stamp of its arrival.</summary>
    public long Since { get; } = since;

    /// <summary>Where it stands in its caller's queue.</summary>
    public LinkedListNode<Waiter>? Place { get; set; }

    /// <summary>As <see cref="Entry.IsPrediction"/>, of a refusal after waiting.</summary>
    public bool IsPrediction { get; set; }

    /// <summary>Ends the wait when nobody waits for the work any more; the desk lets go of it when the wait is over.</summary>
    public CancellationTokenRegistration Watch { get; set; }

    /// <summary>False once it was admitted, refused or gave up.</summary>
    public bool IsWaiting { get; set; } = true;
}
