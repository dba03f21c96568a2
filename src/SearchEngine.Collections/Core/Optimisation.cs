using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>Merges a collection down to few segments without dead rows, on the upkeep thread: as few as its documents fit in. Segments that are
/// known to be damaged cannot be read as a whole, and stay.</summary>
internal sealed class Optimisation(CollectionState state, int most, IProgress<WorkProgress>? progress)
{
    private long _merged;

    /// <returns>Segments, and the rows that were dead before and are gone.</returns>
    public (int Segments, long DroppedRows) Run(CancellationToken cancel)
    {
        if (most is < 1 or > CollectionSettings.MaxSegments)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "segments", $"{most} segments: 1 to {CollectionSettings.MaxSegments} are possible.",
                "Ask for 1.");
        }
        long dead = DeadNow();
        if (IsClosedAlready())
        {
            // By the writer, out of room: what was written since stands in the segment after it, which the next checkpoint takes.
            new Checkpoint(state).Run(cancel);
        }
        // Afterwards every dead row is dead in the manifest as well, and can be left out.
        new Checkpoint(state).Run(cancel);
        Tell();
        while (Next() is { Length: > 0 } next)
        {
            Merge(next, cancel);
        }
        return (state.Durable.Segments.Count, dead);
    }

    // Of live segments as well: the freeze leaves them out.
    private long DeadNow()
    {
        using ViewLease lease = state.Views.Lease();
        return lease.View.Sources.Sum(static s => (long)s.Dead.Count);
    }

    private bool IsClosedAlready()
    {
        lock (state.Gate)
        {
            return state.Boundary is not null;
        }
    }

    private void Merge(int[] segments, CancellationToken cancel)
    {
        long rows = segments.Sum(RowsOf);
        IReadOnlyList<DurableSegment> sound = state.Sound();
        new SegmentMerge(state).Run([.. segments.Select(i => sound[i])], cancel);
        _merged += rows;
        Tell();
    }

    private void Tell() =>
        progress?.Report(new WorkProgress(_merged, _merged + Smallest().Union(WithDead()).Sum(RowsOf)));

    // What fits together first. What is rewritten alone is smaller then, and may fit beside another after all.
    private int[] Next() => Smallest() is { Length: > 0 } together ? together : [.. WithDead().Take(1)];

    private int[] Smallest() => MergePolicy.Down([.. state.Sound().Select(static s => s.Size)], most, state.Settings.Limits);

    private int[] WithDead()
    {
        IReadOnlyList<DurableSegment> sound = state.Sound();
        return [.. Enumerable.Range(0, sound.Count).Where(i => sound[i].Dead.Count > 0)];
    }

    private long RowsOf(int segment) => state.Sound()[segment].Dead.Rows;
}
