using System.Numerics;

namespace SearchEngine.Models.Inference;

/// <summary>
/// Lengths that batches are padded to. A finite number of shapes keeps the memory of ONNX Runtime stable; steps of a quarter of the power
/// of two below keep padding at a tenth on average and a fifth at most. Below 32 steps of 8, since a step is hardly worth a shape there.
/// </summary>
public static class LengthBuckets
{
    private const int Least = 16, LeastStep = 8, StepsOfDoubling = 4;

    /// <summary>The bucket of a length: 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160 and so on, never beyond the longest input.</summary>
    public static int Of(int length, int maxTokens)
    {
        if (length <= Least)
            return Math.Min(Least, maxTokens);
        var below = (int)(BitOperations.RoundUpToPowerOf2((uint)length) / 2);
        var step = Math.Max(LeastStep, below / StepsOfDoubling);
        return Math.Min((length + step - 1) / step * step, maxTokens);
    }
}
