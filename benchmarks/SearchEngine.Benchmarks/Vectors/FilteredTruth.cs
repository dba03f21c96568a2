using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>
/// A random share of the rows and the exact answers among them: what a filtered search is measured against.
/// </summary>
internal sealed class FilteredTruth
{
    private const ulong Seed = 7;
    private const ulong Stream = 20;

    private FilteredTruth(int[] accepted, IdMatrix truth)
    {
        Accepted = accepted;
        Truth = truth;
    }

    /// <summary>Row numbers that the filter lets pass, ascending.</summary>
    public int[] Accepted { get; }

    public IdMatrix Truth { get; }

    public static FilteredTruth Draw(AnnArguments arguments, FloatMatrix queries, double selectivity)
    {
        FloatMatrix rows = MatrixFile.ReadFloats(arguments.Base.FullName);
        int[] accepted =
            [.. Enumerable.Range(0, rows.Count).Where(i => new CounterRandom(Seed, Stream, (ulong)i).Uniform() < selectivity)];
        if (accepted.Length == 0)
        {
            throw new ArgumentException($"A selectivity of {selectivity} leaves none of {rows.Count} rows.");
        }

        var subset = new FloatMatrix(accepted.Length, rows.Dim);
        for (int i = 0; i < accepted.Length; i++)
        {
            rows.Row(accepted[i]).CopyTo(subset.Row(i));
        }

        IdMatrix truth = ExactSearch.Run(subset, queries, AnnOptions.ToOracle(arguments.Metric), arguments.K).Ids;
        foreach (ref int id in truth.Values.AsSpan())
        {
            id = accepted[id];
        }

        return new FilteredTruth(accepted, truth);
    }

    /// <summary>The same rows as bits over the ordinals of a segment.</summary>
    public ulong[] In(VectorSegment segment)
    {
        var accepted = new HashSet<int>(Accepted);
        var words = new ulong[(segment.Count + 63) / 64];
        for (uint ordinal = 0; ordinal < (uint)segment.Count; ordinal++)
        {
            if (accepted.Contains((int)segment.SourceRow(ordinal)))
            {
                words[ordinal / 64] |= 1UL << (int)(ordinal % 64);
            }
        }

        return words;
    }
}
