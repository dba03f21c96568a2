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

    private void Merge(DurableSegment[] segments, CancellationToken cancel)
    {
        long rows = segments.Sum(static s => (long)s.Dead.Rows);
        new SegmentMerge(state).Run(segments, cancel);
        _merged += rows;
        Tell();
    }

    private void Tell()
    {
        IReadOnlyList<DurableSegment> sound = state.Sound();
        progress?.Report(new WorkProgress(_merged, _merged + Smallest(sound).Union(WithDead(sound)).Sum(i => (long)sound[i].Dead.Rows)));
    }

    // What fits together first. What is rewritten alone is smaller then, and may fit beside another after all. Positions are those of
    // one moment: a scrub that finds damage meanwhile shifts them.
    private DurableSegment[] Next()
    {
        IReadOnlyList<DurableSegment> sound = state.Sound();
        int[] next = Smallest(sound) is { Length: > 0 } together ? together : [.. WithDead(sound).Take(1)];
        return [.. next.Select(i => sound[i])];
    }

    private int[] Smallest(IReadOnlyList<DurableSegment> sound) =>
        MergePolicy.Down([.. sound.Select(static s => s.Size)], most, state.Settings.Limits);

    private static int[] WithDead(IReadOnlyList<DurableSegment> sound) =>
        [.. Enumerable.Range(0, sound.Count).Where(i => sound[i].Dead.Count > 0)];
}
