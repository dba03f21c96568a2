namespace SearchEngine.Models.Inference;

/// <summary>What a run computes; all that are wanted come from one pass.</summary>
[Flags]
public enum EncoderOutputs
{
    None = 0,
    Dense = 1,
    Sparse = 2,
    Multi = 4,
    Score = 8,
    Classes = 16,
}
