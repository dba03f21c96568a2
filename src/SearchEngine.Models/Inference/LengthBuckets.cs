namespace SearchEngine.Models.Inference;

/// <summary>
/// Lengths that batches are padded to. Few different shapes keep the memory of ONNX Runtime stable; steps of a third to a half
/// keep padding small.
/// </summary>
public static class LengthBuckets
{
    private const int Least = 16;

    /// <summary>The bucket of a length: 16, 32, 48, 64, 96, 128, 192 and so on, never beyond the longest input.</summary>
    public static int Of(int length, int maxTokens)
    {
        var power = Least;
        while (power < length && power < maxTokens)
        {
            var half = power + power / 2;
            if (power > Least && half >= length)
                return Math.Min(half, maxTokens);
            power *= 2;
        }
        return Math.Min(power, maxTokens);
    }
}
