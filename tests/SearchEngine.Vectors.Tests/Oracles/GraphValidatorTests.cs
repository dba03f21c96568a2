using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Oracles;

/// <summary>Every fault the validator names is planted once: a validator that finds nothing proves nothing.</summary>
public sealed class GraphValidatorTests
{
    private const uint None = 4;

    [Fact]
    public void ASoundGraphHasNoFault()
    {
        GraphReport report = GraphValidator.AssertValid(Sound(), "construction by hand");
        Assert.Equal((2.0, 1.0, 0, 0), (report.MeanDegree, report.Reciprocity, report.Orphans, report.Unreachable));
    }

    [Theory]
    [InlineData(0, 0, 9u, "out of range")]
    [InlineData(0, 0, 0u, "links to itself")]
    [InlineData(0, 1, 1u, "links twice")]
    [InlineData(0, 0, None, "follows an unused slot")]
    public void APlantedLinkFaultIsNamed(int ordinal, int slot, uint value, string fault)
    {
        HandGraph graph = Sound();
        graph.Ground[ordinal][slot] = value;
        Assert.Contains(GraphValidator.Check(graph).Faults, f => f.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void AnIslandAndAnOrphanAreNamed()
    {
        HandGraph graph = Sound();
        graph.Ground = [[1, None], [0, None], [3, None], [0, None]];
        IReadOnlyList<string> faults = GraphValidator.Check(graph).Faults;
        Assert.Contains("ordinal 3 cannot be reached from an entry point", faults);
        Assert.Contains("ordinal 2 has no inbound link on the ground level", faults);
    }

    [Fact]
    public void TombstonesNeedNotBeReachable()
    {
        HandGraph graph = Sound();
        graph.Ground = [[1, 2], [0, 2], [0, 1], [0, None]];
        graph.Dead.Add(3);
        Assert.Empty(GraphValidator.Check(graph).Faults);
    }

    [Fact]
    public void LinksBetweenLevelsAreNamed()
    {
        HandGraph graph = Sound();
        graph.Upper[0][0] = 3;
        Assert.Contains(
            GraphValidator.Check(graph).Faults, f => f.Contains("does not stand on this level", StringComparison.Ordinal));
        graph = Sound();
        graph.Entries = [2];
        Assert.Contains("no entry point stands on the top level", GraphValidator.Check(graph).Faults);
    }

    private static HandGraph Sound() => new();

    private sealed class HandGraph : IGraphRows
    {
        public uint[][] Ground { get; set; } = [[1, 3], [0, 2], [1, 3], [2, 0]];

        /// <summary>Ordinals 0 and 1 stand on level 1.</summary>
        public uint[][] Upper { get; } = [[1], [0]];

        public HashSet<int> Dead { get; } = [];

        public int[] Entries { get; set; } = [0];

        public int Count => Ground.Length;

        public uint Unused => None;

        public IReadOnlyList<int> EntryPoints => Entries;

        public int TopLevel => 1;

        public int LevelOf(int ordinal) => ordinal < Upper.Length ? 1 : 0;

        public int MaxLinks(int level) => level == 0 ? 2 : 1;

        public ReadOnlySpan<uint> Row(int level, int ordinal) => level == 0 ? Ground[ordinal] : Upper[ordinal];

        public bool IsLive(int ordinal) => !Dead.Contains(ordinal);
    }
}
