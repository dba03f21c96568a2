using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>
/// Recall of the ten best at two breadths must not fall below what a sound graph reaches on each distribution. Seeds are
/// fixed and the build is deterministic, so a fall is a change of the code, never noise.
/// </summary>
public sealed class RecallFloorTests
{
    public static TheoryData<string> Names => [.. Distribution.All.Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void RecallReachesItsFloorOnEveryTier(string name)
    {
        BuiltDistribution built = BuiltDistribution.Of(name);
        foreach (WalkTier tier in Enum.GetValues<WalkTier>())
        {
            foreach (int breadth in (int[])[64, 200])
            {
                double recall = built.Recall(tier, breadth);
                TestContext.Current.TestOutputHelper?.WriteLine($"{name}, {tier}, breadth {breadth}: {recall:F4}");
                double floor = built.Distribution.Floors.At(tier, breadth);
                Assert.True(
                    recall >= floor,
                    $"Recall on '{name}' with tier {tier} at breadth {breadth} is {recall:F4}, its floor {floor}: suspect the "
                    + "pruning of links if all tiers fell, the calibration or the codes if one did.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheGraphKeepsItsPromises(string name) =>
        GraphValidator.AssertValid(new SegmentGraph(BuiltDistribution.Of(name).Segment.Parts), $"building '{name}'");

    [Theory]
    [MemberData(nameof(Names))]
    public void TheAdaptiveStopOnlySavesWork(string name)
    {
        BuiltDistribution built = BuiltDistribution.Of(name);
        using VectorSearcher searcher = built.Segment.CreateSearcher();
        var hits = new Candidate[10];
        for (int q = 0; q < built.Queries.Count; q++)
        {
            _ = searcher.Search(built.Queries.Row(q), new SearchOptions { Breadth = 200 }, hits);
            int whole = searcher.Counts.Hops;
            _ = searcher.Search(built.Queries.Row(q), new SearchOptions { Breadth = 200, Margin = 0.1f }, hits);
            Assert.True(searcher.Counts.Hops <= whole, $"Query {q} expanded {searcher.Counts.Hops} rows with the stop, {whole} without.");
        }
    }
}
