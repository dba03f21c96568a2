using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Calls;
using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Inference;
using SearchEngine.Rpc;

namespace SearchEngine.Encoder.Service.Streaming;

/// <summary>One text of a stream at work: done with the last of its sequences, failed with the first that fails.</summary>
/// <param name="stream">Whose it is.</param>
/// <param name="sequence">The client's number.</param>
/// <param name="text">Its tokens.</param>
/// <param name="credits">What it gives back.</param>
internal sealed class StreamedText(StreamFlow stream, ulong sequence, PreparedText text, int credits) : ITextSink
{
    private readonly EncodedParts[] _parts = new EncodedParts[text.Sequences.Count()];
    private int _left = text.Sequences.Count();
    private int _ended;

    /// <summary>Its outcome is told: what else of it would be run is for nobody.</summary>
    public bool IsOver => Volatile.Read(ref _ended) != 0;

    public LoadedModel Model => stream.Plan.Model;

    public void Done(WaitingText waiting, EncodedBatch results, int row, BatchFacts facts)
    {
        stream.Tally.Add(waiting, facts);
        _parts[waiting.Place] = EncodedParts.Read(results, row, stream.Plan.Options.Outputs, stream.Plan.ElementType);
        stream.SequenceEnded(waiting);
        if (Interlocked.Decrement(ref _left) == 0 && TryEnd())
            Tell(new Wire.SequencedItem { Sequence = sequence, Item = EncodedParts.Item(text, _parts) });
    }

    public void Failed(WaitingText waiting, Exception why)
    {
        stream.SequenceEnded(waiting);
        if (!TryEnd())
            return;
        // Its room comes back before its credits do.
        stream.Drop(this);
        Tell(new Wire.SequencedItem { Sequence = sequence, Error = ItemErrors.ToItem(why as RpcException ?? Fault()) });
    }

    // Several sequences of one text may fail, and others of it be done later.
    private bool TryEnd() => Interlocked.Exchange(ref _ended, 1) == 0;

    private void Tell(Wire.SequencedItem item) => stream.TextEnded(new StreamOutcome(item, credits));

    private static RpcException Fault() =>
        Refusal.Of(Wire.ErrorReason.InternalFault, "text", "The model failed on the batch of this text.", "Send it again; if it fails again, report it.");
}
