using SearchEngine.Collections.Log;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>Applies the log behind the manifest, as it was applied when it was written.</summary>
internal sealed class Replay(CollectionState state)
{
    public void Run()
    {
        using var applier = new RecordApplier();
        var builder = new ViewBuilder(state.Views.Current);
        ulong sequence = builder.From.Sequence;
        long records = (long)(Math.Max(state.Log.LastSequence, sequence) - sequence);
        foreach (DurableSegment segment in state.Durable.Segments)
        {
            segment.Segment.Value.PrepareLookUps(records);
        }
        foreach (LogRecord record in state.Log.ReadAfter(sequence))
        {
            if (!builder.Live.IsOpen)
            {
                // Only where the flush threshold was lowered since: elsewhere the log is shorter than a live segment is large.
                state.Views.Publish(builder.Build(sequence));
                new Checkpoint(state).Run(CancellationToken.None);
                builder = new ViewBuilder(state.Views.Current);
            }
            if (RecordCodec.Decode(record, builder.From.Schema, out ulong version) is { } write)
            {
                applier.Apply(write, version, builder);
            }
            sequence = record.Sequence;
        }
        // Of a log that was lost nothing was read, but its numbers are taken.
        state.Views.Publish(builder.Build(Math.Max(sequence, state.Log.LastSequence)));
        foreach (DurableSegment segment in state.Durable.Segments)
        {
            segment.Segment.Value.GiveBackIds();
        }
    }
}
