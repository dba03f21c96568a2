using System.Collections.Concurrent;
using SearchEngine.Testing.Vectors;

namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>One distribution with its segment and exact truth, made once for all tests that look at it.</summary>
public sealed class BuiltDistribution
{
    private static readonly ConcurrentDictionary<string, Lazy<BuiltDistribution>> Built = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<int, int[]> _orders = new();

    private BuiltDistribution(Distribution distribution)
    {
        var generator = new EmbeddingGenerator(distribution.Recipe);
        Distribution = distribution;
        Rows = generator.Documents();
        Queries = generator.Queries();
        Truth = ExactSearch.Run(Rows, Queries, distribution.Oracle, 20).Ids;
        // The tier only says that 1-bit records are wanted: tests choose what they walk on.
        Segment = VectorSegment.Build(
            new FloatRowSource(Rows.Values, Rows.Dim), new SegmentOptions { Metric = distribution.Metric, Tier = WalkTier.Sign });
    }

    public Distribution Distribution { get; }

    public FloatMatrix Rows { get; }

    public FloatMatrix Queries { get; }

    public IdMatrix Truth { get; }

    public VectorSegment Segment { get; }

    public static BuiltDistribution Of(string name) => Built.GetOrAdd(
        name, n => new Lazy<BuiltDistribution>(() => new BuiltDistribution(Distribution.All.Single(d => d.Name == n)))).Value;

    /// <summary>All rows, closest to the query first, by the slow oracle.</summary>
    public int[] RowsByScore(int query) => _orders.GetOrAdd(
        query,
        q => [.. BruteForceOracle.Search(Rows, Queries.Row(q), Distribution.Oracle, Rows.Count).Select(c => c.Row)]);

    /// <summary>Mean recall of the ten best, counting any of several equally close rows as right.</summary>
    public double Recall(WalkTier tier, int breadth)
    {
        const int K = 10;
        using VectorSearcher searcher = Segment.CreateSearcher();
        var hits = new Candidate[K];
        double sum = 0;
        for (int q = 0; q < Queries.Count; q++)
        {
            int count = searcher.Search(Queries.Row(q), new SearchOptions { Breadth = breadth, Tier = tier }, hits);
            int[] found = [.. hits[..count].Select(h => (int)Segment.SourceRow(h.Ordinal))];
            // Rescoring ranks half-precision rows: rows closer to each other than its error (1e-5 of unit rows) are ties.
            sum += Testing.Vectors.Recall.TieAware(
                Rows, Queries.Row(q), Distribution.Oracle, found, Truth.Row(q), K, slack: 3e-5);
        }

        return sum / Queries.Count;
    }
}
