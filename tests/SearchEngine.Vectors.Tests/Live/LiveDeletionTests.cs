using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Live;
using Xunit;

namespace SearchEngine.Vectors.Tests.Live;

/// <summary>Dead rows never come back, and the graph does not rot around them.</summary>
public sealed class LiveDeletionTests
{
    [Fact]
    public void ThirtyCyclesOfDeathAndInsertionKeepTheRecallOfAFreshBuild()
    {
        const int Start = 4_000, Step = 200, Cycles = 30;
        using var run = new LiveRun(LiveRun.Text with { Count = Start + Cycles * Step, QueryCount = 200 }, Metric.Cosine);
        run.AppendAndLink(0, Start);
        double before = run.Recall(60), degree = MeanDegree(run);
        var random = new CounterRandom(5, 5, 5);
        for (int cycle = 0; cycle < Cycles; cycle++)
        {
            Kill(run, Step, ref random);
            run.AppendAndLink(Start + cycle * Step, Start + (cycle + 1) * Step);
            if (cycle % 5 == 4)
            {
                run.Segment.Sweep();
                GraphValidator.AssertValid(new LiveGraphRows(run.Segment), $"cycle {cycle}");
            }
        }
        double self = run.Segment.ProbeSelfRecall(1_000, 32, seed: 1);
        Assert.True(self >= 0.995, $"Only {self:P1} of the rows are found by their own code.");
        double after = run.Recall(60), fresh = run.FreshRecall(60), degreeAfter = MeanDegree(run);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"recall {before:F4} before, {after:F4} after, fresh {fresh:F4}; links per row {degree:F1} before, {degreeAfter:F1} after");
        Assert.True(after >= fresh - 0.01, $"Recall {after:F4} after {Cycles} cycles, a fresh build has {fresh:F4}: repairs lose something each time.");
        Assert.True(degreeAfter > 0.85 * degree, $"Rows had {degree:F1} links and have {degreeAfter:F1}: repairs thin the graph out.");
    }

    [Fact]
    public void WholeClustersCanDie()
    {
        using var run = new LiveRun(LiveRun.Text, Metric.Cosine);
        run.AppendAndLink(0, 6_000);
        for (int q = 0; q < 20; q++)
        {
            foreach ((int row, _) in run.Oracle(run.Queries.Row(q), 80))
            {
                Assert.True(run.Segment.Delete((uint)row));
            }
        }
        double unswept = run.Recall(60);
        SweepReport report = run.Segment.Sweep();
        GraphValidator.AssertValid(new LiveGraphRows(run.Segment), "the death of twenty neighbourhoods");
        double swept = run.Recall(60), fresh = run.FreshRecall(60);
        TestContext.Current.TestOutputHelper?.WriteLine($"recall {unswept:F4}, swept {swept:F4}, fresh {fresh:F4}, {report}");
        Assert.True(unswept >= fresh - 0.02, $"Recall {unswept:F4} before the sweep, a fresh build has {fresh:F4}.");
        Assert.True(swept >= fresh - 0.01, $"Recall {swept:F4} after the sweep, a fresh build has {fresh:F4}.");
    }

    [Fact]
    public void KillingTheBestHitsAgainAndAgainReachesEveryRow()
    {
        using var run = new LiveRun(LiveRun.Text with { Count = 3_000 }, Metric.L2);
        run.AppendAndLink(0, 3_000);
        using LiveSearcher searcher = run.Segment.CreateSearcher();
        var hits = new Candidate[10];
        int killed = 0, right = 0;
        while (run.Segment.LiveCount > 0)
        {
            int live = run.Segment.LiveCount;
            int count = searcher.Search(run.Queries.Row(0), new SearchOptions { Breadth = 60 }, hits);
            Assert.True(count == Math.Min(10, live), $"{count} hits while {live} rows live: the dead fill the pool.");
            run.Check(run.Queries.Row(0), hits.AsSpan(0, count));
            int[] truth = [.. run.Oracle(run.Queries.Row(0), 10).Select(t => t.Row)];
            foreach (Candidate hit in hits[..count])
            {
                right += truth.Contains((int)hit.Ordinal) ? 1 : 0;
                Assert.True(run.Segment.Delete(hit.Ordinal));
                Assert.False(run.Segment.Delete(hit.Ordinal));
            }
            killed += count;
        }
        Assert.Equal(3_000, killed);
        Assert.True(right >= 0.93 * killed, $"Only {right} of {killed} hits were among the ten best that lived.");
        run.Segment.Sweep();
        Assert.Equal(0, searcher.Search(run.Queries.Row(0), new SearchOptions(), hits));
    }

    [Fact]
    public void RowsThatDieBeforeTheyAreLinkedNeverAppear()
    {
        using var run = new LiveRun(LiveRun.Text, Metric.Cosine);
        run.Append(0, 6_000);
        for (uint i = 0; i < 6_000; i += 2)
        {
            run.Segment.Delete(i);
        }
        double scanned = run.Recall(60);
        run.Segment.LinkPending(int.MaxValue);
        run.Segment.Sweep();
        GraphValidator.AssertValid(new LiveGraphRows(run.Segment), "linking a segment of which half is dead");
        Assert.True(scanned >= 0.999, $"An exact scan has recall {scanned:F4}.");
        Assert.True(run.Recall(60) >= run.FreshRecall(60) - 0.01);
    }

    [Fact]
    public void ASegmentWithoutLiveRowsStillTakesNewOnes()
    {
        using var run = new LiveRun(LiveRun.Text, Metric.Cosine);
        run.AppendAndLink(0, 2_000);
        for (uint i = 0; i < 2_000; i++)
        {
            run.Segment.Delete(i);
        }
        run.Segment.Sweep();
        run.AppendAndLink(2_000, 4_000);
        run.Segment.Sweep();
        GraphValidator.AssertValid(new LiveGraphRows(run.Segment), "a second life");
        double recall = run.Recall(60), fresh = run.FreshRecall(60);
        Assert.True(recall >= fresh - 0.02, $"Recall {recall:F4}, a fresh build has {fresh:F4}.");
    }

    private static void Kill(LiveRun run, int count, ref CounterRandom random)
    {
        while (count > 0)
        {
            count -= run.Segment.Delete((uint)(random.Uniform() * run.Segment.Count)) ? 1 : 0;
        }
    }

    private static double MeanDegree(LiveRun run)
    {
        LiveIndex index = run.Segment.Index!;
        long links = 0;
        for (uint i = 0; i < (uint)run.Segment.Count; i++)
        {
            links += run.Segment.IsDead(i) ? 0 : index.Levels[0].Links(i).Length;
        }
        return (double)links / run.Segment.LiveCount;
    }
}
