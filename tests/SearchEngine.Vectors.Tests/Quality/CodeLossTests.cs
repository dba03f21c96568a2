using Xunit;

namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>What codes are said to lose: nothing where they are the rows, little by eight bits, much by one.</summary>
public sealed class CodeLossTests
{
    private const int Count = 3_000;
    private const int Dimension = 96;

    [Fact]
    public void OneBitLosesMoreThanEightAndBytesLoseNothing()
    {
        float[] rows = Gaussian(Count, 5);
        float[][] queries = [.. Gaussian(40, 6).Chunk(Dimension)];
        CodeLoss bytes = Measure(rows, WalkTier.Code, queries), bits = Measure(rows, WalkTier.Sign, queries);

        Assert.Equal((WalkTier.Code, WalkTier.Sign), (bytes.Tier, bits.Tier));
        Assert.InRange(bytes.MeanError, 0.001f, 0.03f);
        // Of a Gaussian coordinate its sign alone leaves 1 - 2/pi of the square.
        Assert.InRange(bits.MeanError, 0.5f, 0.65f);
        Assert.True(bytes.WorstError >= bytes.MeanError && bits.WorstError >= bits.MeanError, $"the worst is better than the mean: {bytes}, {bits}");
        Assert.InRange(bytes.ClippedShare, 0f, 0.01f);
        Assert.Equal(0f, bits.ClippedShare);
        Assert.InRange(bytes.Recall, 0.9f, 1f);
        Assert.True(bits.Recall < bytes.Recall - 0.1f, $"one bit {bits.Recall}, eight {bytes.Recall}");
    }

    private static CodeLoss Measure(float[] rows, WalkTier tier, float[][] queries)
    {
        using VectorSegment segment = VectorSegment.Build(
            new FloatRowSource(rows, Dimension), new SegmentOptions { Metric = Metric.L2, BuildBreadth = 60, Tier = tier });
        return segment.MeasureCodes(queries);
    }

    private static float[] Gaussian(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * Dimension)
            .Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}
