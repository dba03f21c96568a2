using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>
/// Moves the durable state forward: the live segment becomes an immutable one, dead rows are written down, the manifest names both
/// as of one sequence, and the log before it goes.
/// </summary>
internal sealed class Checkpoint(CollectionState state)
{
    public void Run(CancellationToken cancel)
    {
        Boundary boundary = Close();
        LiveDocuments live = boundary.Sealed.Live!;
        live.Seal(cancel);
        state.WaitForLinking();
        (DurableSegment? frozen, uint[] moves) = Freeze(boundary.Sealed, live, cancel);
        try
        {
            IEnumerable<DurableSegment> next = state.Durable.Segments.Select(s => AsOf(s, boundary));
            state.Durable.Publish(boundary.Sequence, state.Schema, frozen is null ? [.. next] : [.. next, frozen]);
        }
        catch when (frozen is not null)
        {
            state.Durable.Discard(frozen);
            throw;
        }
        lock (state.Gate)
        {
            Show(frozen, moves, live);
            state.EndBoundary();
        }
        TrimLog(boundary.Sequence);
    }

    /// <summary>Moves the durable state through every write that was acknowledged before the call. One step may not do: a segment that
    /// the writer, out of room, has closed already does not hold what was written since.</summary>
    public void RunThroughNow(CancellationToken cancel)
    {
        ulong acknowledged = state.Views.Current.Sequence;
        do
        {
            Run(cancel);
        }
        while (state.Durable.Sequence < acknowledged);
    }

    // What is left of the log is found to be of no use at the next start.
    private void TrimLog(ulong sequence)
    {
        try
        {
            state.Log.TrimThrough(sequence);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CollectionException)
        {
            state.Health.Report(CollectionHealth.Removal, failure);
        }
    }

    // The live segment that takes writes is closed, unless the writer, out of room, has done so already.
    private Boundary Close()
    {
        lock (state.Gate)
        {
            if (state.Boundary is null)
            {
                state.Roll();
            }
            return state.Boundary!;
        }
    }

    private (DurableSegment? Segment, uint[] Moves) Freeze(ViewSource rows, LiveDocuments live, CancellationToken cancel)
    {
        if (rows.AliveCount == 0)
        {
            return (null, RowMoves.AllDropped(live.Count));
        }
        state.Reserve.CheckRoomFor(SegmentSpace.ForFreeze(live), state.Settings);
        using RowSet dead = RowSet.Of(live.Count, rows.Dead.ToWords().AsSpan(0, RowSet.WordsFor(live.Count)));
        for (uint orphan = (uint)rows.Rows; orphan < (uint)live.Count; orphan++)
        {
            // Of a group that was refused after its rows had been appended.
            dead.Add(orphan);
        }
        uint[] moves = [];
        DurableSegment frozen = state.Durable.Make(
            live.Schema, directory => DocumentSegment.Freeze(live, dead, directory, state.WriteOptions, state.Files, cancel, out moves));
        return (frozen, moves);
    }

    private DurableSegment AsOf(DurableSegment segment, Boundary boundary)
    {
        DeadRows dead = boundary.DeadOf(segment.Segment.Value);
        return dead.Count == segment.Dead.Count
            ? segment
            : state.Durable.WithDead(segment, dead);
    }

    // Rows that died while the segment was frozen are dead in it from the start.
    private void Show(DurableSegment? frozen, uint[] moves, LiveDocuments live)
    {
        var sources = new List<ViewSource>();
        foreach (ViewSource source in state.Views.Current.Sources)
        {
            if (!source.IsOf(live))
            {
                sources.Add(source);
            }
            else if (frozen is not null)
            {
                sources.Add(new ViewSource(frozen.Segment, frozen.Dead.With(RowMoves.Carry(source.Dead, moves))));
            }
        }
        state.Show(sources);
    }
}
