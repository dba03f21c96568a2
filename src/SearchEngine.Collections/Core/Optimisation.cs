using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>Merges a collection down to few segments without dead rows, on the upkeep thread: as few as its documents fit in.</summary>
internal sealed class Optimisation(CollectionState state)
{
    /// <returns>Segments, and the rows that were dead before and are gone.</returns>
    public (int Segments, long DroppedRows) Run(int most, CancellationToken cancel)
    {
        if (most is < 1 or > CollectionSettings.MaxSegments)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "segments", $"{most} segments: 1 to {CollectionSettings.MaxSegments} are possible.",
                "Ask for 1.");
        }
        long dead = DeadNow();
        // Afterwards every dead row is dead in the manifest as well, and can be left out.
        new Checkpoint(state).Run(cancel);
        var merge = new SegmentMerge(state);
        while (MergePolicy.Down([.. state.Durable.Segments.Select(static s => s.Size)], most, state.Settings.Limits) is { Length: > 0 } smallest)
        {
            merge.Run(smallest, cancel);
        }
        for (int i = 0; i < state.Durable.Segments.Count; i++)
        {
            if (state.Durable.Segments[i].Dead.Count > 0)
            {
                merge.Run([i], cancel);
                i = -1;
            }
        }
        return (state.Durable.Segments.Count, dead);
    }

    // Of live segments as well: the freeze leaves them out.
    private long DeadNow()
    {
        using ViewLease lease = state.Views.Lease();
        return lease.View.Sources.Sum(static s => (long)s.Dead.Count);
    }
}
