namespace SearchEngine.Collections.Core;

/// <summary>Merges a collection down to few segments without dead rows, on the upkeep thread: as few as its documents fit in.</summary>
internal sealed class Optimisation(CollectionState state)
{
    /// <returns>Segments and the rows that are gone.</returns>
    public (int Segments, long DroppedRows) Run(int most, CancellationToken cancel)
    {
        if (most is < 1 or > CollectionSettings.MaxSegments)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "segments", $"{most} segments: 1 to {CollectionSettings.MaxSegments} are possible.",
                "Ask for 1.");
        }
        // Afterwards every dead row is dead in the manifest as well, and can be left out.
        new Checkpoint(state).Run(cancel);
        long before = state.Durable.Segments.Sum(static s => (long)s.Dead.Rows);
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
        return (state.Durable.Segments.Count, before - state.Durable.Segments.Sum(static s => (long)s.Dead.Rows));
    }
}
