using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Batching;

/// <summary>A tokenized text that waits for an executor.</summary>
internal sealed class WaitingText(BatchGroup group, LaneKind lane, TokenSequence tokens, ITextSink? sink, int place)
{
    private volatile bool _abandoned;

    public BatchGroup Group { get; } = group;

    public LaneKind Lane { get; } = lane;

    public TokenSequence Tokens { get; } = tokens;

    /// <summary>Who wants the result; null only where a policy is tried without a queue.</summary>
    public ITextSink? Sink { get; } = sink;

    /// <summary>Its place among the texts of its sink.</summary>
    public int Place { get; } = place;

    /// <summary>When it came. Unit: milliseconds of the queue's clock.</summary>
    public double Arrived { get; init; }

    /// <summary>When its result is worth nothing any more; infinite where the caller set no deadline.</summary>
    public double Deadline { get; init; } = double.PositiveInfinity;

    public int Bucket { get; } = group.Pace.Bucket(tokens.Count);

    /// <summary>The padded length that it has by itself: its own, or that of its bucket where the same bits are wanted in any company.</summary>
    public int Length => Group.Options.Determinism == BatchDeterminism.BitExact ? Bucket : Tokens.Count;

    /// <summary>What it counted with when it was admitted.</summary>
    public double ShareMillis { get; } = group.ShareMillis(tokens.Count);

    /// <summary>Its caller has gone: it leaves before dispatch.</summary>
    public bool IsAbandoned => _abandoned;

    public void Abandon() => _abandoned = true;
}
