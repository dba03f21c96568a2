using SearchEngine.Testing.Vectors;

namespace SearchEngine.Vectors.Tests.Graph;

/// <summary>Twelve tight groups of a thousand rows, far from each other: a greedy descent ends in the wrong one of them now and then, and
/// a walk that is narrower than a group does not leave it.</summary>
internal sealed class GroupedRows
{
    public const int Groups = 12;
    public const int PerGroup = 1_000;
    public const int Count = Groups * PerGroup;
    public const int Dimension = 32;

    private const float Spread = 0.02f;
    private const ulong Seed = 1;

    private static readonly Lazy<GroupedRows> Made = new(() => new GroupedRows());

    private readonly float[] _centres = new float[Groups * Dimension];

    private GroupedRows()
    {
        for (int group = 0; group < Groups; group++)
        {
            var random = new CounterRandom(Seed, 2, (ulong)group);
            foreach (ref float value in _centres.AsSpan(group * Dimension, Dimension))
            {
                value = (float)random.Gaussian();
            }
        }
        var rows = new float[Count * Dimension];
        for (int i = 0; i < Count; i++)
        {
            Draw(i / PerGroup, 3, i, rows.AsSpan(i * Dimension, Dimension));
        }
        Segment = VectorSegment.Build(
            new FloatRowSource(rows, Dimension), new SegmentOptions { Metric = Metric.L2, MaxLinks = 8, BuildBreadth = 40 });
    }

    public static GroupedRows Shared => Made.Value;

    public VectorSegment Segment { get; }

    public float[] Query(int number)
    {
        var query = new float[Dimension];
        Draw(GroupOfQuery(number), 4, number, query);
        return query;
    }

    public static int GroupOfQuery(int number) => number % Groups;

    public int GroupOf(uint ordinal) => (int)Segment.SourceRow(ordinal) / PerGroup;

    private void Draw(int group, ulong stream, int number, Span<float> row)
    {
        var random = new CounterRandom(Seed, stream, (ulong)number);
        for (int j = 0; j < Dimension; j++)
        {
            row[j] = _centres[group * Dimension + j] + (float)(Spread * random.Gaussian());
        }
    }
}
