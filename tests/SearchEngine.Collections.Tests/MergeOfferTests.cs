using SearchEngine.Collections.Core;
using Xunit;

namespace SearchEngine.Collections.Tests;

/// <summary>Searches that go through several segments pay for making them one, and never for much more.</summary>
public sealed class MergeOfferTests(ITestOutputHelper output)
{
    private const int Most = 4;

    [Fact]
    public void What_nobody_searches_is_not_merged_early()
    {
        var simulation = new MergeSimulation(10_000, Most);
        for (int i = 0; i < Most; i++)
        {
            simulation.Flush();
        }
        Assert.Equal(Most, simulation.Segments.Count);
        Assert.Equal(0, Offer([.. simulation.Segments]).Paid);
    }

    [Fact]
    public void Searches_that_have_paid_the_price_make_a_merge_due_and_not_one_less()
    {
        SegmentSize[] segments = [new(50_000, 0), new(20_000, 0)];
        MergeOffer offer = Offer(segments);
        Assert.Equal([1, 0], offer.Segments);
        long price = (long)Math.Ceiling(offer.Price / MergePrice.OfWalk(segments[1]));
        Assert.True(Offer(Searched(segments, price)).IsDue, "searches have paid the price, and the merge is not due");
        Assert.False(Offer(Searched(segments, price - 1)).IsDue, "the merge is due before it is paid");
    }

    [Fact]
    public void Only_searches_count_that_went_through_all_of_them() =>
        Assert.Equal(0, Offer([new(50_000, 0, Searches: 1_000_000_000), new(20_000, 0)]).Paid);

    [Fact]
    public void What_a_merge_has_made_must_be_paid_for_anew()
    {
        var simulation = new MergeSimulation(10_000, Most);
        simulation.Flush();
        simulation.Flush();
        simulation.Flush();
        simulation.Search(10_000_000, look: 1_000);
        Assert.Equal(1, simulation.PaidMerges);
        Assert.Single(simulation.Segments);
        simulation.Flush();
        Assert.Equal(2, simulation.Segments.Count);
    }

    [Fact]
    public void Full_segments_are_left_alone_and_keep_others_from_nothing()
    {
        var limits = new SegmentLimits { Rows = 100 };
        SegmentSize[] segments = Searched([new(90, 0), new(40, 0), new(95, 0), new(30, 0)], 1_000_000);
        Assert.Equal([3, 1], MergeOffer.Best(segments, limits)!.Value.Segments);
        Assert.Null(MergeOffer.Best([segments[0], segments[2]], limits));
        Assert.Null(MergeOffer.Best([segments[0]], limits));
    }

    [Fact]
    public void Merges_that_hardly_grow_a_segment_are_counted_and_make_the_next_dearer()
    {
        SegmentSize large = new(100_000, 0, Rewrites: 2), small = new(1_000, 0);
        Assert.Equal(3, MergeOffer.RewritesOf([small, large]));
        Assert.Equal(0, MergeOffer.RewritesOf([large, new(30_000, 0, Rewrites: 5)]));
        Assert.Equal(2, MergeOffer.RewritesOf([large]));
        Assert.Equal(16 * Offer([large with { Rewrites = 0 }, small]).Price, Offer([large, small]).Price);
    }

    [Fact]
    public void Dead_rows_are_not_paid_for() =>
        Assert.True(Offer([new(50_000, 0), new(20_000, 15_000)]).Price < Offer([new(50_000, 0), new(20_000, 0)]).Price);

    [Theory]
    [InlineData(1_000, 100_000)]
    [InlineData(1_000, 10_000_000_000)]
    [InlineData(20_000, 1_000_000)]
    [InlineData(20_000, 10_000_000_000)]
    public void However_much_is_searched_rows_are_written_about_a_logarithm_of_times(int flushes, long searches)
    {
        const int FlushRows = 1_000, Looks = 8;
        var simulation = new MergeSimulation(FlushRows, Most);
        for (int i = 0; i < flushes; i++)
        {
            simulation.Flush();
            simulation.Search(searches, searches / Looks);
            Assert.True(simulation.Segments.Count <= Most, $"{simulation.Segments.Count} segments stand after flush {i}");
        }
        double times = (double)simulation.Written / ((long)flushes * FlushRows);
        output.WriteLine($"each row was written {times:F1} times, {simulation.PaidMerges} merges of {flushes} were paid for");
        // Growing by a quarter at least, a row is written up to three times per doubling, and some times more, as often as the price can be
        // multiplied until searches do not pay it.
        double bound = 9 * Math.Log2(flushes);
        Assert.True(times < bound, $"each row was written {times:F1} times over {flushes} flushes with {searches} searches after each, not below {bound:F1}");
    }

    [Fact]
    public void Searches_and_merges_together_cost_at_most_a_few_times_the_best_in_hindsight()
    {
        const int FlushRows = 10_000, Flushes = 7, Rounds = 60;
        (double Ratio, string What) worst = (0, "");
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            // Of every order of magnitude, from nothing worth a thought to all that is worth being merged at once.
            long[] searches = [.. Enumerable.Range(0, Flushes).Select(_ => (long)Math.Pow(10, random.NextDouble() * 7))];
            var simulation = new MergeSimulation(FlushRows, Most);
            foreach (long count in searches)
            {
                simulation.Flush();
                simulation.Search(count, look: Math.Max(1, count / 500));
            }
            double best = new MergeHindsight(FlushRows, Most).Cost(searches);
            double ratio = (simulation.Rent + simulation.MergeCost) / best;
            if (ratio > worst.Ratio)
            {
                worst = (ratio, $"{ratio:F2} times the best in hindsight (seed {seed}, searches after each flush {string.Join(' ', searches)})");
            }
        }
        output.WriteLine(worst.What);
        Assert.True(worst.Ratio < 4, $"searches and merges cost {worst.What}");
    }

    [Fact]
    public void Of_two_segments_searches_and_the_merge_cost_at_most_twice_the_best_in_hindsight()
    {
        const int FlushRows = 10_000;
        for (long searches = 1; searches < 10_000_000; searches *= 3)
        {
            var simulation = new MergeSimulation(FlushRows, Most);
            simulation.Flush();
            simulation.Flush();
            simulation.Search(searches, look: 100);
            double best = new MergeHindsight(FlushRows, Most).Cost([0, searches]);
            double ratio = (simulation.Rent + simulation.MergeCost) / best;
            Assert.True(ratio <= 2.01, $"{searches} searches and the merge cost {ratio:F3} times the best in hindsight");
        }
    }

    private static MergeOffer Offer(params SegmentSize[] segments) => MergeOffer.Best(segments, SegmentLimits.OfFiles)!.Value;

    private static SegmentSize[] Searched(SegmentSize[] segments, long searches) => [.. segments.Select(s => s with { Searches = searches })];
}
