using System.Numerics;

namespace SearchEngine.Models.Inference;

/// <summary>
/// Classes of lengths: what batches of accelerators and bit-exact texts are padded to, and within what others share a batch. Steps of a
/// quarter of the power of two below, a tenth of padding on average and a fifth at most; below 32 steps of 8.
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
