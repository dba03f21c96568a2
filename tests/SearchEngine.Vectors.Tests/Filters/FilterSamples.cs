using SearchEngine.Testing.Vectors;

namespace SearchEngine.Vectors.Tests.Filters;

public enum Correlation
{
    Random,

    /// <summary>Accepted rows are those nearest to the query.</summary>
    SameCluster,

    /// <summary>Those farthest from it.</summary>
    OppositeCluster,
}

/// <summary>A segment with every tier, its queries, and accept sets of any share and correlation with their exact hits.</summary>
internal sealed class FilterSamples
{
    public const int Count = 12_000;
    public const int Dimension = 320;
    public const int QueryCount = 48;

    public static readonly double[] Shares = [1, 0.99, 0.9, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01, 0.003, 0.001, 0.0003];

    private static readonly Lazy<FilterSamples> Made = new(() => new FilterSamples());

    private readonly uint[][] _orders;

    private FilterSamples()
    {
        var generator = new EmbeddingGenerator(new EmbeddingRecipe
        {
            Name = "filter grid",
            Count = Count,
            Dim = Dimension,
            Latent = 48,
            Topics = 120,
            QueryCount = QueryCount,
            Seed = 4242,
        });
        Rows = generator.Documents();
        Queries = generator.Queries();
        Segment = VectorSegment.Build(new FloatRowSource(Rows.Values, Dimension), new SegmentOptions { BuildBreadth = 100, Tier = WalkTier.Sign });
        _orders = new uint[QueryCount][];
        using VectorSearcher searcher = Segment.CreateSearcher();
        var all = new Candidate[Count];
        for (int q = 0; q < QueryCount; q++)
        {
            searcher.SearchExactly(Queries.Row(q), all);
            _orders[q] = [.. all.Select(c => c.Ordinal)];
        }
    }

    public static FilterSamples Shared => Made.Value;

    public FloatMatrix Rows { get; }

    public FloatMatrix Queries { get; }

    public VectorSegment Segment { get; }

    /// <summary>Ordinals from the best exact score on.</summary>
    public uint[] Order(int query) => _orders[query];

    public ulong[] Accept(int query, double share, Correlation correlation)
    {
        var words = new ulong[(Count + 63) / 64];
        int accepted = (int)Math.Ceiling(share * Count);
        switch (correlation)
        {
            case Correlation.Random:
                for (int i = 0; i < Count; i++)
                {
                    words[i / 64] |= new CounterRandom(5, 77, (ulong)i).Uniform() < share ? 1ul << (i % 64) : 0;
                }
                break;
            case Correlation.SameCluster:
                Set(words, _orders[query].AsSpan(0, accepted));
                break;
            default:
                Set(words, _orders[query].AsSpan(Count - accepted));
                break;
        }
        return words;
    }

    /// <summary>The exact hits of a query among the accepted rows.</summary>
    public uint[] Truth(int query, ulong[] accept, int k) =>
        [.. _orders[query].Where(o => (accept[o / 64] >> (int)(o % 64) & 1) != 0).Take(k)];

    public static double Recall(ReadOnlySpan<Candidate> hits, uint[] truth)
    {
        var wanted = new HashSet<uint>(truth);
        int right = 0;
        foreach (Candidate hit in hits)
        {
            right += wanted.Contains(hit.Ordinal) ? 1 : 0;
        }
        return truth.Length == 0 ? 1 : (double)right / truth.Length;
    }

    private static void Set(ulong[] words, ReadOnlySpan<uint> ordinals)
    {
        foreach (uint o in ordinals)
        {
            words[o / 64] |= 1ul << (int)(o % 64);
        }
    }
}
