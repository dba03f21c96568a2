using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors.Merge;

namespace SearchEngine.Collections.Core;

/// <summary>
/// Merges immutable segments into one while searches and writes go on. Only rows that were dead at the manifest's sequence are left
/// out: a restart replays the log from there, and may need a row that died later.
/// </summary>
internal sealed class SegmentMerge(CollectionState state)
{
    private readonly MergeJournal _journal = new(state);

    /// <summary>The segments that were being merged when the process before this one ended; null when there are none, and from the second time on.</summary>
    public DurableSegment[]? TakeUnfinished() => _journal.TakeUnfinished();

    /// <param name="merged">Durable segments.</param>
    public void Run(DurableSegment[] merged, CancellationToken cancel)
    {
        (DurableSegment? into, uint[][] moves) = Merge(merged, cancel);
        try
        {
            IEnumerable<DurableSegment> next = state.Durable.Segments.Except(merged);
            state.Durable.Publish(state.Durable.Sequence, state.Schema, into is null ? [.. next] : [.. next, into]);
        }
        catch when (into is not null)
        {
            state.Durable.Discard(into);
            throw;
        }
        lock (state.Gate)
        {
            // First: who sees the merged segment knows how it came about. Where all is dead nothing was begun.
            state.ResumedMerges += into is not null && _journal.HasResumed ? 1 : 0;
            state.Boundary?.Moved([.. merged.Zip(moves, static (s, m) => (s.Segment.Value, m))], into?.Segment.Value);
            Show(merged, into, moves);
            Monitor.PulseAll(state.Gate);
        }
        _journal.End();
    }

    private (DurableSegment? Segment, uint[][] Moves) Merge(DurableSegment[] merged, CancellationToken cancel)
    {
        if (merged.All(static s => s.Dead.Count == s.Dead.Rows))
        {
            return (null, [.. merged.Select(static s => RowMoves.AllDropped(s.Dead.Rows))]);
        }
        DocumentSegment[] inputs = [.. merged.Select(static s => s.Segment.Value)];
        state.Reserve.CheckRoomFor(SegmentSpace.ForMerge(inputs), state.Settings);
        RowSet[] dead = [.. merged.Select(static s => RowSet.Of(s.Dead.Rows, s.Dead.ToWords()))];
        try
        {
            uint[][] moves = [];
            Func<int, MergeProgress> progress = _journal.Begin(merged);
            DurableSegment into = state.Durable.Make(state.Schema, directory => DocumentSegment.Merge(
                [.. inputs.Zip(dead)], directory, state.Schema, state.WriteOptions with { Progress = progress }, state.Files, cancel, out moves));
            return (into with { Rewrites = MergeOffer.RewritesOf(merged.Select(static s => s.Size)) }, moves);
        }
        catch (CollectionException damage) when (damage.Error == CollectionError.Checksum)
        {
            NoteDamaged(merged, cancel);
            throw;
        }
        finally
        {
            Array.ForEach(dead, static d => d.Dispose());
        }
    }

    // From now on merges leave the damaged ones out: otherwise none would ever succeed again, and in the end no write.
    private void NoteDamaged(DurableSegment[] merged, CancellationToken cancel)
    {
        foreach (DurableSegment segment in merged)
        {
            if (SegmentScrub.Blocks(segment.Segment.Value.Directory, state.Schema, cancel) is [DamageFinding first, ..])
            {
                state.Health.Found(segment.Id, new Quarantined(Path.GetRelativePath(state.Paths.Root, first.Path), first.What, 0));
            }
        }
    }

    private void Show(DurableSegment[] merged, DurableSegment? into, uint[][] moves)
    {
        var sources = new List<ViewSource>();
        var died = new List<uint>();
        int segments = 0;
        foreach (ViewSource source in state.Views.Current.Sources)
        {
            int at = Array.FindIndex(merged, m => source.IsOf(m.Segment.Value));
            if (at >= 0)
            {
                died.AddRange(RowMoves.Carry(source.Dead, moves[at]));
                continue;
            }
            sources.Add(source);
            segments += source.Segment is not null ? 1 : 0;
        }
        if (into is not null)
        {
            sources.Insert(segments, new ViewSource(into.Segment, into.Dead.With(died)));
        }
        state.Show(sources);
    }
}
