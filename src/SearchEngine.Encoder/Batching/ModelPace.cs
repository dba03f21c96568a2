using SearchEngine.Models.Inference;

namespace SearchEngine.Encoder.Batching;

/// <summary>
/// How fast a model runs here: the fitted cost, corrected by a slowly moving factor from live batches, and the batch budget. Any
/// thread; a race loses a sample at worst.
/// </summary>
internal sealed class ModelPace(CostModel cost, int batchTokens, int maxTokens)
{
    /// <summary>Weight of a new batch.</summary>
    private const double Gain = 0.05;

    /// <summary>One batch that was descheduled, or a grid that was, is no trend.</summary>
    private const double LeastFactor = 0.25, GreatestFactor = 8;

    private double _factor = 1;

    public CostModel Cost { get; } = cost;

    /// <summary>Padded tokens of a batch; a longer text runs alone.</summary>
    public int BatchTokens { get; } = batchTokens;

    /// <summary>Longest input.</summary>
    public int MaxTokens { get; } = maxTokens;

    public double Factor => Volatile.Read(ref _factor);

    /// <summary>The padded length of a text of so many tokens.</summary>
    public int Bucket(int tokens) => LengthBuckets.Of(tokens, MaxTokens);

    /// <summary>Predicted time of a batch.</summary>
    public double Millis(int rows, int length) => Factor * Cost.Millis(rows, length);

    /// <summary>What a text adds to the work that waits: its share of a full batch of its length.</summary>
    public double ShareMillis(int tokens)
    {
        var length = Bucket(tokens);
        var rows = Math.Max(1, BatchTokens / length);
        return Millis(rows, length) / rows;
    }

    /// <summary>
    /// Work was predicted to come too late where nothing else waits or runs: the prediction gives way a little, so that one that is too
    /// high does not refuse for ever what would correct it. Work that is hopeless at any pace says nothing.
    /// </summary>
    /// <param name="predicted">Milliseconds by this pace.</param>
    /// <param name="remaining">Milliseconds until it is worth nothing any more.</param>
    public void Doubt(double predicted, double remaining)
    {
        var factor = Factor;
        if (predicted > remaining && predicted * (LeastFactor / factor) <= remaining)
            Volatile.Write(ref _factor, Math.Max(LeastFactor, factor * (1 - Gain)));
    }

    /// <summary>A batch was run.</summary>
    public void Learn(int rows, int length, double millis)
    {
        var seen = Math.Clamp(millis / Cost.Millis(rows, length), LeastFactor, GreatestFactor);
        Volatile.Write(ref _factor, Factor + Gain * (seen - Factor));
    }
}
