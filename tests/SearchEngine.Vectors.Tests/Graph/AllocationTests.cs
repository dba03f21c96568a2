using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Graph;

public sealed class AllocationTests
{
    [Fact]
    public void ASearchAllocatesNothingAfterTheFirst()
    {
        const int Dimension = 384;
        var values = new float[3_000 * Dimension];
        var random = new CounterRandom(3, 3, 3);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.Gaussian();
        }
        using VectorSegment segment = VectorSegment.Build(
            new FloatRowSource(values, Dimension), new SegmentOptions { BuildBreadth = 60, Tier = WalkTier.Sign });
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[10];
        var accept = new ulong[(3_000 + 63) / 64];
        accept.AsSpan(0, 40).Fill(0x5555555555555555);
        foreach (WalkTier tier in Enum.GetValues<WalkTier>())
        {
            foreach (float? margin in new float?[] { null, 0.1f })
            {
                var options = new SearchOptions { Breadth = 80, Tier = tier, Margin = margin };
                Run(options);
                long before = GC.GetAllocatedBytesForCurrentThread();
                Run(options);
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(allocated == 0, $"100 searches with {tier}, margin {margin}, allocate {allocated} bytes");
            }
        }

        void Run(SearchOptions options)
        {
            AcceptSet filter = AcceptSet.From(accept, 3_000);
            for (int i = 0; i < 100; i++)
            {
                searcher.Search(values.AsSpan(i * Dimension, Dimension), options, hits);
                searcher.Search(values.AsSpan(i * Dimension, Dimension), options, filter, hits);
            }
        }
    }
}
