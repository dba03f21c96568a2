using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>Which rows are accepted for each query, and the exact hits among them.</summary>
internal sealed class FilterCase
{
    private const ulong Seed = 7;
    private const ulong Stream = 21;

    private readonly ulong[][] _words;
    private readonly int[] _counts;

    private FilterCase(string correlation, double share, ulong[][] words, int rows)
    {
        Correlation = correlation;
        Share = share;
        Rows = rows;
        _words = words;
        _counts = [.. words.Select(w => AcceptSet.From(w, rows).Count)];
    }

    public string Correlation { get; }

    public double Share { get; }

    public int Rows { get; }

    /// <summary>Ordinals of the exact hits per query, best first.</summary>
    public uint[][] Truth { get; private set; } = [];

    public AcceptSet Accept(int query) => AcceptSet.From(_words[query], Rows, _counts[query]);

    /// <param name="segment">The rows.</param>
    /// <param name="queries">One accept set each; a random one serves all.</param>
    /// <param name="correlation">random, near the query, or far from it.</param>
    /// <param name="share">Accepted rows.</param>
    /// <param name="k">Hits.</param>
    /// <param name="orders">Ordinals of each query from the best score on; read for near and far.</param>
    public static FilterCase Draw(
        VectorSegment segment, FloatMatrix queries, string correlation, double share, int k, Lazy<uint[][]> orders)
    {
        int rows = segment.Count, accepted = (int)Math.Max(1, Math.Round(share * rows));
        ulong[]? shared = null;
        var words = new ulong[queries.Count][];
        for (int q = 0; q < words.Length; q++)
        {
            words[q] = correlation switch
            {
                "near" => Bits(rows, orders.Value[q].AsSpan(0, accepted)),
                "far" => Bits(rows, orders.Value[q].AsSpan(rows - accepted)),
                _ => shared ??= Random(rows, share),
            };
        }

        var drawn = new FilterCase(correlation, share, words, rows);
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[k];
        drawn.Truth = new uint[queries.Count][];
        for (int q = 0; q < queries.Count; q++)
        {
            int found = searcher.SearchExactly(queries.Row(q), new SearchOptions(), drawn.Accept(q), hits);
            drawn.Truth[q] = [.. hits[..found].Select(h => h.Ordinal)];
        }

        return drawn;
    }

    /// <summary>All ordinals of each query from the best exact score on.</summary>
    public static uint[][] Orders(VectorSegment segment, FloatMatrix queries)
    {
        var orders = new uint[queries.Count][];
        Parallel.For(0, queries.Count, q =>
        {
            using VectorSearcher searcher = segment.CreateSearcher();
            var hits = new Candidate[segment.Count];
            searcher.Search(queries.Row(q), new SearchOptions(), hits);
            orders[q] = [.. hits.Select(h => h.Ordinal)];
        });
        return orders;
    }

    private static ulong[] Bits(int rows, ReadOnlySpan<uint> accepted)
    {
        var words = new ulong[(rows + 63) / 64];
        foreach (uint ordinal in accepted)
        {
            words[ordinal / 64] |= 1ul << (int)(ordinal % 64);
        }

        return words;
    }

    private static ulong[] Random(int rows, double share)
    {
        var words = new ulong[(rows + 63) / 64];
        for (int i = 0; i < rows; i++)
        {
            bool accepted = share >= 1 || new CounterRandom(Seed, Stream, (ulong)i).Uniform() < share;
            words[i / 64] |= accepted ? 1ul << (i % 64) : 0;
        }

        return words;
    }
}
