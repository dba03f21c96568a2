using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Live;

namespace SearchEngine.Vectors.Tests.Live;

/// <summary>A live segment over generated rows, and the oracle's view of it: the source of a row is its number in the set.</summary>
internal sealed class LiveRun : IDisposable
{
    private readonly OracleMetric _oracle;

    public LiveRun(EmbeddingRecipe recipe, Metric metric, int breadth = 100, int calibration = 1_000, int writers = 2)
    {
        var generator = new EmbeddingGenerator(recipe);
        Rows = generator.Documents();
        Queries = generator.Queries();
        _oracle = metric switch
        {
            Metric.Cosine => OracleMetric.Cosine,
            Metric.Dot => OracleMetric.InnerProduct,
            _ => OracleMetric.Euclidean,
        };
        Segment = new LiveSegment(new LiveOptions
        {
            Dimension = Rows.Dim,
            Capacity = Rows.Count,
            CalibrationRows = calibration,
            Graph = new SegmentOptions { Metric = metric, BuildBreadth = breadth, Threads = writers },
        });
    }

    public static EmbeddingRecipe Text { get; } = new()
    {
        Name = "live text",
        Count = 6_000,
        Dim = 96,
        Latent = 40,
        Topics = 60,
        QueryCount = 100,
        Seed = 21,
    };

    public FloatMatrix Rows { get; }

    public FloatMatrix Queries { get; }

    public LiveSegment Segment { get; }

    public void Append(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            uint ordinal = Segment.Append(Rows.Row(i), (uint)i);
            if (ordinal != (uint)i)
            {
                throw new InvalidOperationException($"Row {i} got ordinal {ordinal}; one appender gives them in order.");
            }
        }
    }

    public void AppendAndLink(int from, int to)
    {
        Append(from, to);
        Segment.LinkPending(int.MaxValue);
    }

    public double Score(ReadOnlySpan<float> query, uint ordinal) => BruteForceOracle.Score(_oracle, query, Rows.Row((int)ordinal));

    public (int Row, double Score)[] Oracle(ReadOnlySpan<float> query, int k, Func<int, bool>? accept = null) =>
        BruteForceOracle.Search(Prefix(), query, _oracle, k, i => !Segment.IsDead((uint)i) && (accept is null || accept(i)));

    /// <summary>Mean tie-aware recall of the ten best against the oracle over the live rows; every hit is checked.</summary>
    public double Recall(int breadth)
    {
        using LiveSearcher searcher = Segment.CreateSearcher();
        var hits = new Candidate[10];
        double sum = 0;
        for (int q = 0; q < Queries.Count; q++)
        {
            int count = searcher.Search(Queries.Row(q), new SearchOptions { Breadth = breadth }, hits);
            Check(Queries.Row(q), hits.AsSpan(0, count));
            int[] truth = [.. Oracle(Queries.Row(q), 10).Select(t => t.Row)];
            int[] found = [.. hits[..count].Select(h => (int)h.Ordinal)];
            sum += Testing.Vectors.Recall.TieAware(Rows, Queries.Row(q), _oracle, found, truth, 10, slack: 3e-5);
        }
        return sum / Queries.Count;
    }

    /// <summary>The same for a segment built at once from the rows that live now.</summary>
    public double FreshRecall(int breadth)
    {
        int[] live = [.. Enumerable.Range(0, Segment.Count).Where(i => !Segment.IsDead((uint)i))];
        var rows = new FloatMatrix(live.Length, Rows.Dim);
        for (int i = 0; i < live.Length; i++)
        {
            Rows.Row(live[i]).CopyTo(rows.Row(i));
        }
        using VectorSegment fresh = VectorSegment.Build(
            new FloatRowSource(rows.Values, rows.Dim), Segment.Options.Graph with { Tier = WalkTier.Code });
        using VectorSearcher searcher = fresh.CreateSearcher();
        var hits = new Candidate[10];
        double sum = 0;
        for (int q = 0; q < Queries.Count; q++)
        {
            int count = searcher.Search(Queries.Row(q), new SearchOptions { Breadth = breadth }, hits);
            int[] truth = [.. BruteForceOracle.Search(rows, Queries.Row(q), _oracle, 10).Select(t => t.Row)];
            int[] found = [.. hits[..count].Select(h => (int)fresh.SourceRow(h.Ordinal))];
            sum += Testing.Vectors.Recall.TieAware(rows, Queries.Row(q), _oracle, found, truth, 10, slack: 3e-5);
        }
        return sum / Queries.Count;
    }

    /// <summary>Live rows only, none twice, best first, scores as the oracle's.</summary>
    public void Check(ReadOnlySpan<float> query, ReadOnlySpan<Candidate> hits)
    {
        var seen = new HashSet<uint>();
        float last = float.PositiveInfinity;
        foreach (Candidate hit in hits)
        {
            CheckHit(query, hit);
            if (!seen.Add(hit.Ordinal) || hit.Score > last || Segment.IsDead(hit.Ordinal))
            {
                throw new InvalidOperationException(
                    $"Hit {hit.Ordinal} is dead, out of order or there twice: suspect the cut between scanned and linked rows.");
            }
            last = hit.Score;
        }
    }

    public void CheckHit(ReadOnlySpan<float> query, Candidate hit)
    {
        double exact = Score(query, hit.Ordinal);
        // Half-precision truth of unit rows is off by up to 5e-4 of a coordinate; sums of many coordinates far less.
        if (Math.Abs(exact - hit.Score) > 2e-3 * Math.Max(1, Math.Abs(exact)))
        {
            throw new InvalidOperationException($"Row {hit.Ordinal} scores {hit.Score}, the oracle says {exact}: a row was read before it was written.");
        }
    }

    public void Dispose() => Segment.Dispose();

    private FloatMatrix Prefix() => Segment.Count == Rows.Count
        ? Rows
        : new FloatMatrix(Rows.Values[..(Segment.Count * Rows.Dim)], Segment.Count, Rows.Dim);
}
