using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Live;
using SearchEngine.Vectors.Tests.Filters;
using Xunit;

namespace SearchEngine.Vectors.Tests.Live;

/// <summary>Filters over a live segment with linked, unlinked and dead rows, covering all rows or a prefix of them.</summary>
public sealed class LiveFilterTests
{
    private const int Linked = 5_400;
    private const int Covered = 5_700;
    private const int All = 6_000;

    /// <summary>Stored rows are halves: on a shell of rows equally far away they change places.</summary>
    private const double TieSlack = 3e-5;

    [Theory]
    [InlineData(Correlation.Random)]
    [InlineData(Correlation.SameCluster)]
    [InlineData(Correlation.OppositeCluster)]
    public void AllHitsThereAreAndTheRecallOfAnUnfilteredSearch(Correlation correlation)
    {
        using LiveRun run = Prepared();
        using LiveSearcher searcher = run.Segment.CreateSearcher();
        foreach (SearchOptions options in new SearchOptions[] { new(), new() { Margin = 0.15f, Breadth = 1_000 } })
        {
            foreach (int k in new[] { 1, 10, 100 })
            {
                double unfiltered = Recall(run, searcher, options, k, 2, correlation, out _), sum = 0;
                foreach (double share in FilterSamples.Shares)
                {
                    double recall = Recall(run, searcher, options, k, share, correlation, out string strategies);
                    Assert.True(
                        recall >= unfiltered - (k == 1 ? 0.15 : 0.08),
                        $"{share:P2} {correlation}, k {k}: recall {recall:F3}, unfiltered {unfiltered:F3}, by {strategies}.");
                    sum += recall;
                }
                Assert.True(sum / FilterSamples.Shares.Length >= unfiltered - 0.02, $"{correlation}, k {k}: the mean recall fell.");
            }
        }
    }

    [Fact]
    public void ADenseFilterCostsAboutAsManyRowsAsNone()
    {
        using var run = new LiveRun(LiveRun.Text, Metric.Cosine);
        run.AppendAndLink(0, All);
        using LiveSearcher searcher = run.Segment.CreateSearcher();
        var words = new ulong[(All + 63) / 64];
        for (int i = 0; i < All; i++)
        {
            words[i / 64] |= i % 100 != 7 ? 1ul << (i % 64) : 0;
        }
        var hits = new Candidate[10];
        long plain = 0, filtered = 0;
        for (int q = 0; q < 40; q++)
        {
            searcher.Search(run.Queries.Row(q), new SearchOptions(), hits);
            plain += searcher.Counts.Scored;
            // So few rows would be scanned.
            searcher.Search(run.Queries.Row(q), new SearchOptions { Strategy = SearchStrategy.WalkThenFilter }, AcceptSet.From(words, All), hits);
            Assert.Equal(SearchStrategy.WalkThenFilter, searcher.Counts.Strategy);
            filtered += searcher.Counts.Scored;
        }
        Assert.True(filtered <= 1.1 * plain, $"99 % accepted took {filtered} rows, a plain walk {plain}.");
    }

    [Fact]
    public void ABoundACeilingAndACancellationHoldForLiveRowsToo()
    {
        using LiveRun run = Prepared();
        using LiveSearcher searcher = run.Segment.CreateSearcher();
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        var hits = new Candidate[10];
        var bounded = new Candidate[10];
        int kept = 0, wanted = 0;
        for (int q = 0; q < 40; q++)
        {
            int found = searcher.Search(run.Queries.Row(q), new SearchOptions(), hits);
            float bound = hits[4].Score;
            int above = searcher.Search(run.Queries.Row(q), new SearchOptions { Bound = bound }, bounded);
            Assert.All(bounded[..above], h => Assert.True(h.Score >= bound, $"Hit {h} is below the bound {bound}."));
            wanted += hits[..found].Count(h => h.Score >= bound);
            kept += hits[..found].Count(h => h.Score >= bound && bounded[..above].Contains(h));
            searcher.Search(run.Queries.Row(q), new SearchOptions { Cancel = cancel.Token }, hits);
            Assert.Equal(SearchEnd.Cancelled, searcher.Counts.End);
            Assert.True(searcher.Counts.Scored < 400, $"{searcher.Counts.Scored} rows scored after a cancellation.");
            searcher.Search(run.Queries.Row(q), new SearchOptions { MaxScored = 300, Breadth = 400 }, hits);
            Assert.Equal(SearchEnd.WorkCeiling, searcher.Counts.End);
        }
        Assert.True(kept >= 0.95 * wanted, $"{kept} of {wanted} hits above the bound.");
    }

    private static LiveRun Prepared()
    {
        var run = new LiveRun(LiveRun.Text, Metric.Cosine);
        run.AppendAndLink(0, Linked);
        run.Append(Linked, All);
        for (uint i = 0; i < All; i += 11)
        {
            run.Segment.Delete(i);
        }
        return run;
    }

    // A share above 1 searches without a filter.
    private static double Recall(
        LiveRun run, LiveSearcher searcher, SearchOptions options, int k, double share, Correlation correlation, out string strategies)
    {
        const int Queries = 20;
        var used = new HashSet<SearchStrategy>();
        var hits = new Candidate[k];
        double sum = 0;
        for (int q = 0; q < Queries; q++)
        {
            int covered = share > 1 ? All : Covered;
            (int Row, double Score)[] order = run.Oracle(run.Queries.Row(q), All, i => i < covered);
            bool[] accepted = Accepted(order, share, correlation, covered);
            var words = new ulong[(covered + 63) / 64];
            for (int i = 0; i < covered; i++)
            {
                words[i / 64] |= accepted[i] ? 1ul << (i % 64) : 0;
            }
            int found = share > 1
                ? searcher.Search(run.Queries.Row(q), options, hits)
                : searcher.Search(run.Queries.Row(q), options, AcceptSet.From(words, covered), hits);
            used.Add(searcher.Counts.Strategy);
            (int Row, double Score)[] truth = [.. order.Where(o => accepted[o.Row]).Take(k)];
            Assert.True(found == truth.Length, $"{share:P2} {correlation}, query {q}: {found} hits, there are {truth.Length}.");
            Assert.All(hits[..found], h => Assert.True(
                h.Ordinal < covered && accepted[h.Ordinal] && !run.Segment.IsDead(h.Ordinal), $"Row {h.Ordinal} is dead or not accepted."));
            double last = truth.Length == 0 ? 0 : truth[^1].Score - TieSlack;
            sum += truth.Length == 0 ? 1 : hits[..found].Count(h => run.Score(run.Queries.Row(q), h.Ordinal) >= last) / (double)truth.Length;
        }
        strategies = string.Join(", ", used);
        return sum / Queries;
    }

    private static bool[] Accepted((int Row, double Score)[] order, double share, Correlation correlation, int covered)
    {
        var accepted = new bool[covered];
        int count = (int)Math.Ceiling(Math.Min(1, share) * order.Length);
        for (int i = 0; i < covered && correlation == Correlation.Random; i++)
        {
            accepted[i] = share >= 1 || new CounterRandom(6, 78, (ulong)i).Uniform() < share;
        }
        if (correlation != Correlation.Random)
        {
            foreach ((int row, _) in correlation == Correlation.SameCluster ? order.Take(count) : order.TakeLast(count))
            {
                accepted[row] = true;
            }
        }
        return accepted;
    }
}
