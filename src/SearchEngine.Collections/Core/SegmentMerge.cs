using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>
/// Merges immutable segments into one while searches and writes go on. Only rows that were dead at the manifest's sequence are left
/// out: a restart replays the log from there, and may need a row that died later.
/// </summary>
internal sealed class SegmentMerge(CollectionState state)
{
    /// <param name="inputs">Positions among the durable segments.</param>
    public void Run(IReadOnlyList<int> inputs, CancellationToken cancel)
    {
        DurableSegment[] merged = [.. inputs.Select(i => state.Durable.Segments[i])];
        (DurableSegment? into, uint[][] moves) = Merge(merged, cancel);
        List<DurableSegment> next = [.. state.Durable.Segments.Where(s => !merged.Contains(s))];
        if (into is not null)
        {
            next.Add(into);
        }
        Publish(next, into);
        lock (state.Gate)
        {
            state.Boundary?.Moved([.. merged.Zip(moves, static (s, m) => (s.Segment.Value, m))], into?.Segment.Value);
            Show(merged, into, moves);
            Monitor.PulseAll(state.Gate);
        }
    }

    private void Publish(List<DurableSegment> next, DurableSegment? into)
    {
        try
        {
            state.Durable.Publish(state.Durable.Sequence, state.Schema, next);
        }
        catch
        {
            into?.Segment.Release();
            throw;
        }
    }

    private (DurableSegment? Segment, uint[][] Moves) Merge(DurableSegment[] merged, CancellationToken cancel)
    {
        if (merged.All(static s => s.Dead.Count == s.Dead.Rows))
        {
            return (null, [.. merged.Select(static s => RowMoves.AllDropped(s.Dead.Rows))]);
        }
        (ulong id, string directory) = state.Durable.Next();
        RowSet[] dead = [.. merged.Select(static s => RowSet.Of(s.Dead.Rows, s.Dead.ToWords()))];
        try
        {
            DocumentSegment.Merge(
                [.. merged.Zip(dead, static (s, d) => (s.Segment.Value, d))], directory, state.Schema, state.WriteOptions, state.Files, cancel,
                out uint[][] moves);
            return (state.Durable.Open(id, state.Schema), moves);
        }
        finally
        {
            Array.ForEach(dead, static d => d.Dispose());
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
