using SearchEngine.Server.Search.Admission;

namespace SearchEngine.Server.Tests.Search.Admission;

/// <summary>The desk as tests like to use it: refusals are thrown.</summary>
internal static class DeskEntry
{
    private const long Minute = 60_000_000;

    /// <summary>A desk at which work may wait for a minute.</summary>
    public static AdmissionDesk Patient(int workers) =>
        new(new AdmissionSettings { Workers = workers, MaxQueueMicros = Minute, MaxWaitMicros = Minute }, TimeProvider.System);

    /// <summary>Takes the place that is free.</summary>
    public static Ticket Take(this AdmissionDesk desk, in WorkOrder order)
    {
        Entry entry = desk.Enter(order);
        return entry is { Waiter: null, Refusal: null } ? entry.Ticket : throw entry.Refusal ?? (Exception)new InvalidOperationException("No place was free.");
    }

    public static Task<Ticket> AskAsync(this AdmissionDesk desk, in WorkOrder order, CancellationToken cancel = default)
    {
        Entry entry = desk.Enter(order);
        return entry.Refusal is { } refusal
            ? throw refusal
            : entry.Waiter is { } waiter ? desk.WaitAsync(waiter, cancel) : Task.FromResult(entry.Ticket);
    }
}
