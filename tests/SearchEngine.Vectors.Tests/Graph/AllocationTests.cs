using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Graph;

public sealed class AllocationTests
{
    private sealed class NobodyListens : ISearchObserver
    {
        public void Observe(ReadOnlySpan<Candidate> best, int scored)
        {
        }
    }

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
        var dense = new ulong[accept.Length];
        dense.AsSpan(0, 46).Fill(ulong.MaxValue);
        using var cancel = new CancellationTokenSource();
        var observer = new NobodyListens();
        foreach (WalkTier tier in Enum.GetValues<WalkTier>())
        {
            foreach (float? margin in new float?[] { null, 0.1f })
            {
                var options = new SearchOptions { Breadth = 80, Tier = tier, Margin = margin };
                Run(options);
                long before = GC.GetAllocatedBytesForCurrentThread();
                Run(options);
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(allocated == 0, $"600 searches with {tier}, margin {margin}, allocate {allocated} bytes");
            }
        }

        void Run(SearchOptions options)
        {
            AcceptSet filter = AcceptSet.From(accept, 3_000), most = AcceptSet.From(dense, 3_000);
            SearchOptions watched = options with { Cancel = cancel.Token, Bound = 0f, MaxScored = 1_000_000, Observer = observer };
            for (int i = 0; i < 100; i++)
            {
                searcher.Search(values.AsSpan(i * Dimension, Dimension), options, hits);
                searcher.Search(values.AsSpan(i * Dimension, Dimension), options, filter, hits);
                searcher.Search(values.AsSpan(i * Dimension, Dimension), options, most, hits);
                searcher.Search(values.AsSpan(i * Dimension, Dimension), watched, most, hits);
                searcher.Search(values.AsSpan(i * Dimension, Dimension), watched, hits);
                searcher.SearchExactly(values.AsSpan(i * Dimension, Dimension), watched, filter, hits);
            }
        }
    }
}
