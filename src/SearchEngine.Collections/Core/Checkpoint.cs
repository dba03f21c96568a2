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
        List<DurableSegment> next = [.. state.Durable.Segments.Select(s => AsOf(s, boundary))];
        if (frozen is not null)
        {
            next.Add(frozen);
        }
        Publish(boundary.Sequence, next, frozen);
        lock (state.Gate)
        {
            Show(frozen, moves, live);
            state.EndBoundary();
        }
        state.Log.TrimThrough(boundary.Sequence);
    }

    private void Publish(ulong sequence, List<DurableSegment> next, DurableSegment? frozen)
    {
        try
        {
            state.Durable.Publish(sequence, state.Schema, next);
        }
        catch
        {
            frozen?.Segment.Release();
            throw;
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
        (ulong id, string directory) = state.Durable.Next();
        using RowSet dead = RowSet.Of(live.Count, rows.Dead.ToWords().AsSpan(0, RowSet.WordsFor(live.Count)));
        DocumentSegment.Freeze(live, dead, directory, state.WriteOptions, state.Files, cancel, out uint[] moves);
        return (state.Durable.Open(id, live.Schema), moves);
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
