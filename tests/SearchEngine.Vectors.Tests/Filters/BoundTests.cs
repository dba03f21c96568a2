using SearchEngine.Vectors.Graph;
using Xunit;

namespace SearchEngine.Vectors.Tests.Filters;

/// <summary>A bound takes away hits below it and work, never hits at or above it.</summary>
public sealed class BoundTests
{
    private const int K = 10;

    [Theory]
    [InlineData(1)]
    [InlineData(0.2)]
    [InlineData(0.01)]
    public void AnExactBoundedSearchIsTheUnboundedOneCutAtTheBound(double share)
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        var all = new Candidate[K];
        var bounded = new Candidate[K];
        for (int q = 0; q < FilterSamples.QueryCount; q++)
        {
            AcceptSet accept = AcceptSet.From(samples.Accept(q, share, Correlation.Random), FilterSamples.Count);
            foreach (SearchStrategy? strategy in new SearchStrategy?[] { null, SearchStrategy.Scan })
            {
                var options = new SearchOptions { Strategy = strategy };
                int found = Run(options, accept, all);
                foreach (int rank in new[] { 0, 3, K - 1 })
                {
                    int kept = Run(options with { Bound = all[rank].Score }, accept, bounded);
                    Candidate[] expected = [.. all[..found].Where(h => h.Score >= all[rank].Score)];
                    Assert.True(
                        bounded.AsSpan(0, kept).SequenceEqual(expected),
                        $"Query {q}, bound at rank {rank}, {strategy?.ToString() ?? "truth"}: {kept} hits, expected {expected.Length}.");
                }

                int Run(SearchOptions o, AcceptSet set, Candidate[] hits) => o.Strategy is null
                    ? searcher.SearchExactly(samples.Queries.Row(q), o, set, hits)
                    : searcher.Search(samples.Queries.Row(q), o, set, hits);
            }
        }
    }

    [Theory]
    [InlineData(WalkTier.Code, 1)]
    [InlineData(WalkTier.Prefilter, 1)]
    [InlineData(WalkTier.Sign, 1)]
    [InlineData(WalkTier.Code, 0.9)]
    [InlineData(WalkTier.Sign, 0.9)]
    [InlineData(WalkTier.Code, 0.2)]
    [InlineData(WalkTier.Sign, 0.2)]
    public void ABoundedWalkLosesAlmostNothingAtOrAboveTheBoundAndWorksLess(WalkTier tier, double share)
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        var all = new Candidate[K];
        var bounded = new Candidate[K];
        foreach (SearchOptions options in new SearchOptions[]
        {
            new() { Tier = tier, Breadth = 200, Strategy = share < 0.5 ? SearchStrategy.FilteredWalk : null },
            new() { Tier = tier, TargetRecall = 0.97f, Strategy = share < 0.5 ? SearchStrategy.FilteredWalk : null },
        })
        {
            int wanted = 0, kept = 0;
            long work = 0, boundedWork = 0;
            for (int q = 0; q < FilterSamples.QueryCount; q++)
            {
                AcceptSet accept = AcceptSet.From(samples.Accept(q, share, Correlation.Random), FilterSamples.Count);
                int found = Run(options, accept, all, out int rows);
                work += rows;
                float bound = all[2].Score;
                int above = Run(options with { Bound = bound }, accept, bounded, out rows);
                boundedWork += rows;
                Candidate[] expected = [.. all[..found].Where(h => h.Score >= bound)];
                wanted += expected.Length;
                kept += expected.Count(h => bounded[..above].Contains(h));
                Assert.All(bounded[..above], h => Assert.True(h.Score >= bound, $"Hit {h} is below the bound {bound}."));

                int Run(SearchOptions o, AcceptSet set, Candidate[] hits, out int scored)
                {
                    int count = share < 1
                        ? searcher.Search(samples.Queries.Row(q), o, set, hits)
                        : searcher.Search(samples.Queries.Row(q), o, hits);
                    scored = searcher.Counts.Scored + searcher.Counts.Estimated;
                    return count;
                }
            }
            TestContext.Current.TestOutputHelper?.WriteLine($"{kept} of {wanted}, {boundedWork} of {work} rows");
            Assert.True(kept >= 0.98 * wanted, $"{tier} {share:P0} {options.TargetRecall}: {kept} of {wanted} hits above the bound; the floor ends walks too early.");
            // A tuned margin beyond the last hit may end a walk before the widest margin beyond the bound does.
            bool works = options.TargetRecall is null ? boundedWork < work : boundedWork <= work;
            Assert.True(works, $"{tier} {share:P0} {options.TargetRecall}: {boundedWork} rows with a bound, {work} without; the floor has no effect.");
        }
    }

    [Fact]
    public void AllRowsAboveALeastScoreAreFoundWhenThereIsRoomForThem()
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        var room = new Candidate[400];
        var exact = new Candidate[400];
        int wanted = 0, found = 0;
        long scored = 0, plain = 0;
        for (int q = 0; q < FilterSamples.QueryCount; q++)
        {
            searcher.SearchExactly(samples.Queries.Row(q), exact);
            float least = exact[25 + 3 * q].Score;
            int count = searcher.Search(samples.Queries.Row(q), new SearchOptions { TargetRecall = 0.97f, Bound = least }, room);
            scored += searcher.Counts.Scored + searcher.Counts.Estimated;
            Candidate[] above = [.. exact.Where(h => h.Score >= least)];
            wanted += above.Length;
            found += above.Count(h => room[..count].Contains(h));
            Assert.True(count <= above.Length, $"{count} rows above {least}, there are {above.Length}.");
            searcher.Search(samples.Queries.Row(q), new SearchOptions { TargetRecall = 0.97f }, room);
            plain += searcher.Counts.Scored + searcher.Counts.Estimated;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{found} of {wanted}, {scored} of {plain} rows");
        Assert.True(found >= 0.98 * wanted, $"{found} of {wanted} rows above the least scores were found.");
        Assert.True(scored < plain, $"{scored} rows scored for a least score, {plain} for 400 hits: the score ends nothing.");
    }

    [Fact]
    public void ABoundThatIsNoNumberIsRefused()
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        var hits = new Candidate[K];
        Assert.Throws<ArgumentException>(() => searcher.Search(samples.Queries.Row(0), new SearchOptions { Bound = float.NaN }, hits));
        Assert.Throws<ArgumentException>(() => searcher.Search(samples.Queries.Row(0), new SearchOptions { MaxScored = -1 }, hits));
        Assert.Throws<ArgumentException>(() => searcher.Search(samples.Queries.Row(0), new SearchOptions { ObserveEvery = 0 }, hits));
    }
}
