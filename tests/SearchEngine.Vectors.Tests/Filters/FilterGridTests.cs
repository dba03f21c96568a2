using SearchEngine.Vectors.Graph;
using Xunit;

namespace SearchEngine.Vectors.Tests.Filters;

/// <summary>
/// Over shares from all rows to a handful, filters that know nothing of the query, surround it or avoid it, one hit to a
/// hundred, every tier: all hits there are, and about the recall of a search without a filter.
/// </summary>
public sealed class FilterGridTests
{
    /// <summary>A cell has 48 queries: for one hit, one of them is 0.021.</summary>
    private const double CellSlack = 0.03;
    private const double MeanSlack = 0.005;

    public static TheoryData<Correlation, int, WalkTier, bool> Cases()
    {
        var cases = new TheoryData<Correlation, int, WalkTier, bool>();
        foreach (Correlation correlation in Enum.GetValues<Correlation>())
        {
            foreach (int k in new[] { 1, 10, 100 })
            {
                foreach (WalkTier tier in Enum.GetValues<WalkTier>())
                {
                    cases.Add(correlation, k, tier, false);
                    cases.Add(correlation, k, tier, true);
                }
            }
        }
        return cases;
    }

    [Fact]
    public void TheSamplesHaveEveryTier() =>
        Assert.True(
            FilterSamples.Shared.Segment.Parts.Signs is not null,
            $"No 1-bit records, every case below walks codes: {FilterSamples.Shared.Segment.Parts.Calibration.Report}.");

    [Theory]
    [MemberData(nameof(Cases))]
    public void AllHitsThereAreAndTheRecallOfAnUnfilteredSearch(Correlation correlation, int k, WalkTier tier, bool adaptive)
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        SearchOptions options = adaptive ? new() { TargetRecall = 0.95f, Tier = tier } : new() { Breadth = 100, Tier = tier };
        double unfiltered = Unfiltered(samples, searcher, options, k), sum = 0;
        foreach (double share in FilterSamples.Shares)
        {
            double recall = Filtered(samples, searcher, options, correlation, share, k, out string strategies);
            TestContext.Current.TestOutputHelper?.WriteLine($"{share:P2}: {recall:F4} against {unfiltered:F4} by {strategies}");
            Assert.True(
                recall >= unfiltered - CellSlack,
                $"{share:P2} accepted ({correlation}, k {k}, {tier}, adaptive {adaptive}): recall {recall:F4}, unfiltered {unfiltered:F4}, by "
                + $"{strategies}; suspect the breadth or margin that FilterPlan gives this strategy.");
            sum += recall;
        }
        Assert.True(
            sum / FilterSamples.Shares.Length >= unfiltered - MeanSlack,
            $"{correlation}, k {k}, {tier}, adaptive {adaptive}: mean recall {sum / FilterSamples.Shares.Length:F4}, unfiltered {unfiltered:F4}.");
    }

    [Theory]
    [InlineData(0.99)]
    [InlineData(0.3)]
    [InlineData(0.1)]
    [InlineData(0.01)]
    public void EqualBitmapsGiveEqualHitsWhateverWasSearchedBefore(double share)
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher first = samples.Segment.CreateSearcher(), second = samples.Segment.CreateSearcher();
        var hits = new Candidate[20];
        var again = new Candidate[20];
        for (int q = 0; q < FilterSamples.QueryCount; q++)
        {
            foreach (WalkTier tier in Enum.GetValues<WalkTier>())
            {
                var options = new SearchOptions { TargetRecall = 0.9f, Tier = tier };
                ulong[] words = samples.Accept(q, share, Correlation.Random), copy = [.. words];
                int found = first.Search(samples.Queries.Row(q), options, AcceptSet.From(words, FilterSamples.Count), hits);
                second.Search(samples.Queries.Row((q + 7) % FilterSamples.QueryCount), new SearchOptions(), again);
                int count = AcceptSet.From(copy, FilterSamples.Count).Count;
                int foundAgain = second.Search(
                    samples.Queries.Row(q), options, AcceptSet.From(copy, FilterSamples.Count, count), again);
                Assert.True(
                    hits.AsSpan(0, found).SequenceEqual(again.AsSpan(0, foundAgain)),
                    $"Query {q}, {tier}: two searchers differ on one bitmap; the plan or a walk remembers earlier searches.");
                Assert.Equal(first.Counts.Strategy, second.Counts.Strategy);
            }
        }
    }

    [Theory]
    [InlineData(SearchStrategy.Scan)]
    [InlineData(SearchStrategy.FilteredWalk)]
    [InlineData(SearchStrategy.WalkThenFilter)]
    public void AForcedStrategyIsTakenAndStillReturnsAllHitsThereAre(SearchStrategy strategy)
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        var hits = new Candidate[10];
        foreach (double share in FilterSamples.Shares)
        {
            ulong[] words = samples.Accept(3, share, Correlation.OppositeCluster);
            AcceptSet accept = AcceptSet.From(words, FilterSamples.Count);
            int found = searcher.Search(samples.Queries.Row(3), new SearchOptions { Strategy = strategy }, accept, hits);
            Assert.Equal(Math.Min(10, accept.Count), found);
            Assert.True(
                searcher.Counts.Strategy == strategy || searcher.Counts.Strategy == SearchStrategy.WalkThenScan,
                $"{share:P2}: {strategy} was asked for, {searcher.Counts.Strategy} was done.");
        }
    }

    [Theory]
    [InlineData(Correlation.Random)]
    [InlineData(Correlation.OppositeCluster)]
    public void AScanFindsWhatIsThereEvenWhereScoresCrowd(Correlation correlation)
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        foreach (int k in new[] { 1, 10, 100 })
        {
            var hits = new Candidate[k];
            double sum = 0;
            foreach (double share in FilterSamples.Shares)
            {
                for (int q = 0; q < FilterSamples.QueryCount; q++)
                {
                    ulong[] words = samples.Accept(q, share, correlation);
                    AcceptSet accept = AcceptSet.From(words, FilterSamples.Count);
                    int found = searcher.Search(samples.Queries.Row(q), new SearchOptions { Strategy = SearchStrategy.Scan }, accept, hits);
                    sum += FilterSamples.Recall(hits.AsSpan(0, found), samples.Truth(q, words, k));
                }
            }
            double recall = sum / FilterSamples.Shares.Length / FilterSamples.QueryCount;
            Assert.True(recall >= 0.995, $"{correlation}, k {k}: recall of scans {recall:F4}; suspect the slack of codes or of 1-bit bounds.");
        }
    }

    [Fact]
    public void AFilterThatAvoidsTheQueryEndsNoWalkBeyondItsPool()
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        var hits = new Candidate[10];
        foreach (double share in new[] { 0.99, 0.97, 0.9, 0.7, 0.5, 0.3, 0.1 })
        {
            foreach (SearchStrategy strategy in new[] { SearchStrategy.WalkThenFilter, SearchStrategy.FilteredWalk })
            {
                foreach (SearchOptions options in new SearchOptions[] { new() { Breadth = 20 }, new() { TargetRecall = 0.95f }, new() { Margin = 0.01f } })
                {
                    for (int q = 0; q < FilterSamples.QueryCount; q++)
                    {
                        AcceptSet accept = AcceptSet.From(samples.Accept(q, share, Correlation.OppositeCluster), FilterSamples.Count);
                        int found = searcher.Search(samples.Queries.Row(q), options with { Strategy = strategy }, accept, hits);
                        Assert.True(found == 10, $"{share:P0}, {strategy}, {options}: {found} hits.");
                    }
                }
            }
        }
    }

    [Fact]
    public void ADenseFilterCostsAboutAsManyRowsAsNone()
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        var hits = new Candidate[10];
        foreach (WalkTier tier in Enum.GetValues<WalkTier>())
        {
            foreach (SearchOptions options in new SearchOptions[] { new() { Tier = tier }, new() { Tier = tier, TargetRecall = 0.95f } })
            {
                long plain = 0, filtered = 0;
                for (int q = 0; q < FilterSamples.QueryCount; q++)
                {
                    searcher.Search(samples.Queries.Row(q), options, hits);
                    plain += searcher.Counts.Scored + searcher.Counts.Estimated;
                    AcceptSet accept = AcceptSet.From(samples.Accept(q, 0.99, Correlation.Random), FilterSamples.Count);
                    // In the time of a walk over codes a scan reads the 1-bit records of all of so few rows.
                    searcher.Search(samples.Queries.Row(q), options with { Strategy = SearchStrategy.WalkThenFilter }, accept, hits);
                    Assert.True(
                        searcher.Counts.Strategy == SearchStrategy.WalkThenFilter,
                        $"{tier}, {options}, query {q}: {searcher.Counts.Strategy} after {searcher.Counts.Scored} rows and {searcher.Counts.Estimated} estimates.");
                    Assert.True(searcher.Counts.EffectiveBreadth > 0, "A walk of no breadth found hits.");
                    filtered += searcher.Counts.Scored + searcher.Counts.Estimated;
                }
                Assert.True(
                    filtered <= 1.1 * plain,
                    $"{tier}, {options}: 99 % accepted took {filtered} rows, a plain walk {plain}; suspect how long the pool gets.");
            }
        }
    }

    private static double Unfiltered(FilterSamples samples, VectorSearcher searcher, SearchOptions options, int k)
    {
        var hits = new Candidate[k];
        double sum = 0;
        for (int q = 0; q < FilterSamples.QueryCount; q++)
        {
            int found = searcher.Search(samples.Queries.Row(q), options, hits);
            sum += FilterSamples.Recall(hits.AsSpan(0, found), samples.Order(q)[..k]);
        }
        return sum / FilterSamples.QueryCount;
    }

    private static double Filtered(
        FilterSamples samples, VectorSearcher searcher, SearchOptions options, Correlation correlation, double share, int k,
        out string strategies)
    {
        var hits = new Candidate[k];
        var used = new HashSet<SearchStrategy>();
        double sum = 0;
        for (int q = 0; q < FilterSamples.QueryCount; q++)
        {
            ulong[] words = samples.Accept(q, share, correlation);
            AcceptSet accept = AcceptSet.From(words, FilterSamples.Count);
            int found = searcher.Search(samples.Queries.Row(q), options, accept, hits);
            used.Add(searcher.Counts.Strategy);
            Assert.True(
                found == Math.Min(k, accept.Count),
                $"Query {q}, {share:P2} {correlation}: {found} hits of {accept.Count} accepted rows by {searcher.Counts.Strategy}.");
            Assert.True(searcher.Counts.Complete, "Nobody interrupted, yet the search says it is not complete.");
            uint[] truth = samples.Truth(q, words, k);
            foreach (Candidate hit in hits[..found])
            {
                Assert.True((words[hit.Ordinal / 64] >> (int)(hit.Ordinal % 64) & 1) != 0, $"Row {hit.Ordinal} is not accepted.");
            }
            sum += FilterSamples.Recall(hits.AsSpan(0, found), truth);
        }
        strategies = string.Join(", ", used);
        return sum / FilterSamples.QueryCount;
    }
}
