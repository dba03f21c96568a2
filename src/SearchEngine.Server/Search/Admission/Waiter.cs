namespace SearchEngine.Server.Search.Admission;

/// <summary>Work in a queue.</summary>
internal sealed class Waiter(WorkOrder order, long since)
    : TaskCompletionSource<Ticket>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public WorkOrder Order { get; } = order;

    /// <summary>Time stamp of its arrival.</summary>
    public long Since { get; } = since;

    /// <summary>Where it stands in its caller's queue.</summary>
    public LinkedListNode<Waiter>? Place { get; set; }

    /// <summary>As <see cref="Entry.IsPrediction"/>, of a refusal after waiting.</summary>
    public bool IsPrediction { get; set; }

    /// <summary>False once it was admitted, refused or gave up.</summary>
    public bool IsWaiting { get; set; } = true;
}
