using SearchEngine.Testing;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Live;
using SearchEngine.Vectors.Merge;
using SearchEngine.Vectors.Tests.Live;
using SearchEngine.Vectors.Tests.Quality;
using Xunit;

namespace SearchEngine.Vectors.Tests.Merge;

/// <summary>Merged, consolidated and frozen segments hold exactly the live rows and search as well as a fresh build.</summary>
public sealed class SegmentMergerTests
{
    [Theory]
    [InlineData(0.15, Metric.Cosine)]
    [InlineData(0.28, Metric.L2)]
    [InlineData(0.6, Metric.Cosine)]
    [InlineData(0.15, Metric.Dot)]
    public void ConsolidationDropsTheDeadAndKeepsTheRecall(double share, Metric metric)
    {
        var run = new MergeRun(6_000, metric);
        using VectorSegment whole = run.Build(0, 6_000);
        bool IsDead(int number) => new CounterRandom(7, 1, (ulong)number).Uniform() < share;
        MergeInput input = new()
        {
            Segment = whole,
            Dead = MergeRun.Words(6_000, ordinal => IsDead((int)whole.SourceRow((uint)ordinal))),
        };
        using VectorSegment merged = SegmentMerger.Merge([input], run.Options, out MergeReport report);
        AssertAsGood(run, merged, number => !IsDead(number), $"consolidating {share:P0} dead rows, {report}");
        Assert.True(report.Kept == (share < 0.3 ? report.Rows : 0), $"{report}: healing pays below 30 % dead rows only.");
    }

    [Fact]
    public void WholeTopicsCanBeConsolidatedAway()
    {
        var run = new MergeRun(6_000);
        using VectorSegment whole = run.Build(0, 6_000);
        var dead = new HashSet<int>();
        for (int q = 0; q < 16; q++)
        {
            dead.UnionWith(BruteForceOracle.Search(run.Rows, run.Queries.Row(q), run.Oracle, 80).Select(t => t.Row));
        }
        MergeInput input = new()
        {
            Segment = whole,
            Dead = MergeRun.Words(6_000, ordinal => dead.Contains((int)whole.SourceRow((uint)ordinal))),
        };
        using VectorSegment merged = SegmentMerger.Merge([input], run.Options, out MergeReport report);
        AssertAsGood(run, merged, number => !dead.Contains(number), $"the death of whole topics, {report}");
    }

    [Theory]
    [InlineData(2, Metric.Cosine)]
    [InlineData(8, Metric.Cosine)]
    [InlineData(8, Metric.L2)]
    [InlineData(3, Metric.Dot)]
    public void AMergeIsAsGoodAsAFreshBuild(int parts, Metric metric)
    {
        int count = 6_000 * LongRuns.Scale;
        var run = new MergeRun(count, metric);
        bool IsDead(int number) => number % 11 == 0;
        List<MergeInput> inputs = Inputs(run, Bounds(count, parts), IsDead);
        using VectorSegment merged = SegmentMerger.Merge(inputs, run.Options, out MergeReport report);
        AssertAsGood(run, merged, number => !IsDead(number), $"merging {parts} segments, {report}");
        Assert.True(report.Kept > 0, $"{report}: the largest graph was thrown away.");
        inputs.ForEach(i => i.Segment.Dispose());
    }

    [Fact]
    public void EqualRowsOfSeveralSegmentsStayReachable()
    {
        var run = new MergeRun(4_000, duplicates: 0.4);
        List<MergeInput> inputs = Inputs(run, [0, 2_500, 3_000, 4_000], _ => false);
        using VectorSegment merged = SegmentMerger.Merge(inputs, run.Options, out MergeReport report);
        AssertAsGood(run, merged, _ => true, $"merging equal rows, {report}");
        inputs.ForEach(i => i.Segment.Dispose());
    }

    [Fact]
    public void AnyNumberOfThreadsMakesTheSameSegment()
    {
        var run = new MergeRun(4_000);
        List<MergeInput> inputs = Inputs(run, [0, 2_200, 3_000, 4_000], number => number % 9 == 4);
        using VectorSegment one = SegmentMerger.Merge(inputs, run.Options with { Threads = 1 }, out _);
        using VectorSegment many = SegmentMerger.Merge(inputs, run.Options with { Threads = 5 }, out _);
        Assert.Equal(one.Count, many.Count);
        foreach ((string name, RowMemory a, RowMemory b) in ((string, RowMemory, RowMemory)[])
            [("truth", one.Parts.Truth, many.Parts.Truth), ("code", one.Parts.Codes, many.Parts.Codes),
            ("links", one.Parts.Links, many.Parts.Links), ("source", one.Parts.Sources, many.Parts.Sources)])
        {
            for (uint i = 0; i < (uint)one.Count; i++)
            {
                Assert.True(a.Row(i).SequenceEqual(b.Row(i)), $"{name} of ordinal {i} depends on the number of threads.");
            }
        }
        inputs.ForEach(i => i.Segment.Dispose());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public void FewOrNoRowsRemain(int remaining)
    {
        var run = new MergeRun(300);
        List<MergeInput> inputs = Inputs(run, [0, 200, 300], number => number >= remaining);
        using VectorSegment merged = SegmentMerger.Merge(inputs, run.Options, out _);
        Assert.Equal(remaining, merged.Count);
        GraphValidator.AssertValid(new SegmentGraph(merged.Parts), $"leaving {remaining} rows");
        using VectorSearcher searcher = merged.CreateSearcher();
        Assert.Equal(Math.Min(10, remaining), searcher.Search(run.Queries.Row(0), new SearchOptions(), new Candidate[10]));
        inputs.ForEach(i => i.Segment.Dispose());
    }

    [Fact]
    public void SegmentsThatDoNotFitTogetherAreRefused()
    {
        var run = new MergeRun(300);
        using VectorSegment cosine = run.Build(0, 300);
        Assert.Throws<ArgumentException>(
            () => SegmentMerger.Merge([new() { Segment = cosine }], run.Options with { Metric = Metric.L2 }, out _));
        Assert.Throws<ArgumentException>(
            () => SegmentMerger.Merge([new() { Segment = cosine, Dead = new ulong[1] }], run.Options, out _));
        Assert.Throws<ArgumentException>(
            () => SegmentMerger.Merge([new() { Segment = cosine, Sources = new uint[1] }], run.Options, out _));
        Assert.Throws<ArgumentException>(() => SegmentMerger.Merge([], run.Options, out _));
    }

    [Theory]
    [InlineData(6_000)]
    [InlineData(600)]
    public void AFrozenSegmentReopensWithTheSameHits(int count)
    {
        var run = new MergeRun(count);
        using var live = new LiveSegment(new LiveOptions { Dimension = 96, Capacity = count, CalibrationRows = 1_000, Graph = run.Options });
        for (int i = 0; i < count; i++)
        {
            live.Append(run.Rows.Row(i), (uint)(i + 1_000_000));
        }
        Assert.Throws<InvalidOperationException>(() => SegmentMerger.Freeze(live, out _));
        live.LinkPending(count / 2);
        for (uint i = 0; i < (uint)count; i += 6)
        {
            live.Delete(i);
        }
        live.Seal();
        Assert.Throws<InvalidOperationException>(() => live.Append(run.Rows.Row(0), 0));
        using VectorSegment frozen = SegmentMerger.Freeze(live, out MergeReport report);
        AssertAsGood(run, frozen, number => number % 6 != 0, $"freezing, {report}", source => (int)source - 1_000_000);
        using var directory = new TempDirectory();
        string path = directory.File("frozen");
        SegmentFiles.Write(path, frozen.Parts);
        using var reopened = new VectorSegment(SegmentFiles.Open(path, new SegmentOpenOptions()));
        using VectorSearcher before = frozen.CreateSearcher(), after = reopened.CreateSearcher();
        var a = new Candidate[10];
        var b = new Candidate[10];
        for (int q = 0; q < run.Queries.Count; q++)
        {
            before.Search(run.Queries.Row(q), new SearchOptions(), a);
            after.Search(run.Queries.Row(q), new SearchOptions(), b);
            Assert.True(a.SequenceEqual(b), $"Query {q} finds other rows after the segment was written and opened again.");
        }
    }

    [Fact]
    public void CodesAreFittedAnewWhenRowsHaveMovedAway()
    {
        var run = new MergeRun(3_000, Metric.L2);
        for (int i = 2_000 * 96; i < run.Rows.Values.Length; i++)
        {
            run.Rows.Values[i] = run.Rows.Values[i] * 3;
        }
        List<MergeInput> inputs = Inputs(run, [0, 2_000, 3_000], _ => false);
        using VectorSegment merged = SegmentMerger.Merge(inputs, run.Options, out MergeReport report);
        AssertAsGood(run, merged, _ => true, $"merging rows of another kind, {report}");
        Assert.True(report.CopiedCodes == 0, $"{report}: codes of the old calibration clip the new rows.");
        inputs.ForEach(i => i.Segment.Dispose());
    }

    private static int[] Bounds(int count, int parts) => [.. Enumerable.Range(0, parts + 1).Select(i => count * i / parts)];

    // The merged sources are row numbers in the whole set.
    private static List<MergeInput> Inputs(MergeRun run, int[] bounds, Func<int, bool> isDead)
    {
        var inputs = new List<MergeInput>();
        for (int p = 0; p + 1 < bounds.Length; p++)
        {
            int from = bounds[p];
            VectorSegment segment = run.Build(from, bounds[p + 1]);
            inputs.Add(new MergeInput
            {
                Segment = segment,
                Dead = MergeRun.Words(segment.Count, o => isDead(from + (int)segment.SourceRow((uint)o))),
                Sources = Enumerable.Range(0, segment.Count).Select(o => (uint)from + segment.SourceRow((uint)o)).ToArray(),
            });
        }
        return inputs;
    }

    private static void AssertAsGood(
        MergeRun run, VectorSegment merged, Func<int, bool> accept, string scenario, Func<uint, int>? numberOf = null)
    {
        numberOf ??= source => (int)source;
        GraphReport graph = GraphValidator.AssertValid(new SegmentGraph(merged.Parts), scenario);
        var numbers = new HashSet<int>(Enumerable.Range(0, merged.Count).Select(o => numberOf(merged.SourceRow((uint)o))));
        Assert.True(
            numbers.SetEquals(Enumerable.Range(0, run.Rows.Count).Where(accept)), $"Other rows than the live ones are there after {scenario}.");
        (VectorSegment fresh, int[] freshNumbers) = run.Fresh(accept);
        double recall = run.Recall(merged, numberOf, accept), built = run.Recall(fresh, source => freshNumbers[source], accept);
        fresh.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{scenario}: recall {recall:F4}, fresh {built:F4}, {graph.MeanDegree:F1} links, {graph.Reciprocity:F2} answered");
        Assert.True(recall >= built - 0.01, $"Recall is {recall:F4} after {scenario}, a fresh build has {built:F4}.");
    }
}
