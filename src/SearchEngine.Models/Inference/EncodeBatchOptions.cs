namespace SearchEngine.Models.Inference;

/// <summary>How a batch is run.</summary>
public readonly record struct EncodeBatchOptions()
{
    public EncoderOutputs Outputs { get; init; } = EncoderOutputs.Dense;

    /// <summary>An allowed prefix of the dense vector; 0 for all of it.</summary>
    public int Dimension { get; init; }

    public BatchDeterminism Determinism { get; init; } = BatchDeterminism.Fast;
}
