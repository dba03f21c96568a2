using SearchEngine.Testing.Vectors;

namespace SearchEngine.Vectors.Tests.Merge;

/// <summary>One generated set, segments over parts of it, and recall against the oracle over chosen rows.</summary>
internal sealed class MergeRun
{
    /// <summary>Of 200 queries the difference of two recalls is uncertain by as much as the tests allow (measured 2026-11-26).</summary>
    private const int QueryCount = 600;

    public MergeRun(int count, Metric metric = Metric.Cosine, double duplicates = 0)
    {
        var generator = new EmbeddingGenerator(new EmbeddingRecipe
        {
            Name = "merge text",
            Count = count,
            Dim = 96,
            Latent = 40,
            Topics = 60,
            QueryCount = QueryCount,
            Seed = 31,
            LengthDeviation = metric == Metric.Cosine ? 0 : 0.2,
            DuplicateShare = duplicates,
        });
        Rows = generator.Documents();
        Queries = generator.Queries();
        Metric = metric;
        Options = new SegmentOptions { Metric = metric, BuildBreadth = 100, Threads = 2, Tier = WalkTier.Code };
    }

    public FloatMatrix Rows { get; }

    public FloatMatrix Queries { get; }

    public Metric Metric { get; }

    public SegmentOptions Options { get; }

    public OracleMetric Oracle => Metric switch
    {
        Metric.Cosine => OracleMetric.Cosine,
        Metric.Dot => OracleMetric.InnerProduct,
        _ => OracleMetric.Euclidean,
    };

    /// <summary>A segment over rows from .. to; a hit's row in the set is its source plus <paramref name="from"/>.</summary>
    public VectorSegment Build(int from, int to) => VectorSegment.Build(
        new FloatRowSource(Rows.Values.AsMemory(from * Rows.Dim, (to - from) * Rows.Dim), Rows.Dim), Options);

    /// <summary>A segment built at once from the rows that <paramref name="accept"/> lets pass, and their numbers.</summary>
    public (VectorSegment Segment, int[] Numbers) Fresh(Func<int, bool> accept)
    {
        int[] numbers = [.. Enumerable.Range(0, Rows.Count).Where(accept)];
        var values = new float[numbers.Length * Rows.Dim];
        for (int i = 0; i < numbers.Length; i++)
        {
            Rows.Row(numbers[i]).CopyTo(values.AsSpan(i * Rows.Dim));
        }
        return (VectorSegment.Build(new FloatRowSource(values, Rows.Dim), Options), numbers);
    }

    /// <summary>Mean tie-aware recall of the ten best among the accepted rows.</summary>
    /// <param name="numberOf">The number in the set of a row, from its source in the segment.</param>
    public double Recall(VectorSegment segment, Func<uint, int> numberOf, Func<int, bool> accept, int breadth = 60)
    {
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[10];
        double sum = 0;
        for (int q = 0; q < Queries.Count; q++)
        {
            int count = searcher.Search(Queries.Row(q), new SearchOptions { Breadth = breadth }, hits);
            int[] truth = [.. BruteForceOracle.Search(Rows, Queries.Row(q), Oracle, 10, accept).Select(t => t.Row)];
            int[] found = [.. hits[..count].Select(h => numberOf(segment.SourceRow(h.Ordinal)))];
            if (found.FirstOrDefault(f => !accept(f), -1) is >= 0 and int dead)
            {
                throw new InvalidOperationException($"Row {dead} was left out and is found: a tombstone was lost.");
            }
            sum += Testing.Vectors.Recall.TieAware(Rows, Queries.Row(q), Oracle, found, truth, 10, slack: 3e-5);
        }
        return sum / Queries.Count;
    }

    public static ulong[] Words(int count, Func<int, bool> isSet)
    {
        var words = new ulong[(count + 63) / 64];
        for (int i = 0; i < count; i++)
        {
            words[i / 64] |= isSet(i) ? 1ul << (i % 64) : 0;
        }
        return words;
    }
}
