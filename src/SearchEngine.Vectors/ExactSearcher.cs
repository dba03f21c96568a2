using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>
/// Exact answers to many queries at once: every accepted row is scored from truth, and each row is fetched once for all the
/// queries of a call. Ground truth, evaluation and curves are made of it. Owns its scratch: one instance per thread, several
/// threads share a segment by taking different queries.
/// </summary>
public sealed class ExactSearcher : IDisposable
{
    /// <summary>Queries scored over one pass of the rows; more would push the rows and the queries out of the first caches.</summary>
    public const int BatchQueries = 32;

    private const int Group = 4;

    private readonly int _rows;
    private readonly int _dimension;
    private readonly TruthRows _truth;
    private readonly QueryCheck _check;
    private readonly AlignedBuffer<float> _queries;
    private readonly AlignedBuffer<float> _sums = new(Group * Group);
    private readonly AlignedBuffer<uint> _four = new(Group);
    private readonly float[] _queryNorms = new float[BatchQueries];
    private readonly int _queryStride;

    /// <param name="rows">Rows from here on are not looked at.</param>
    internal ExactSearcher(TruthRows truth, int rows, int dimension, IReadOnlyList<int> cuts)
    {
        _truth = truth;
        _rows = rows;
        _dimension = dimension;
        _check = new QueryCheck(truth.Metric, dimension, cuts);
        _queryStride = (dimension + 31) / 32 * 32;
        _queries = new AlignedBuffer<float>(BatchQueries * _queryStride);
    }

    /// <summary>The closest of all rows for every query; equal scores by ordinal.</summary>
    /// <param name="queries">Whole queries of Dimension finite values, one behind the other.</param>
    /// <param name="hits">Receives the hits of query 0, then of query 1, ..., best first: as many slots for each as are wanted.</param>
    /// <returns>How many slots of each query are filled: the wanted, or every row if there are fewer.</returns>
    public int Search(ReadOnlySpan<float> queries, in SearchOptions options, Span<Candidate> hits) =>
        Search(queries, options, default, _rows, hits);

    /// <summary>The same among the accepted rows.</summary>
    public int Search(ReadOnlySpan<float> queries, in SearchOptions options, AcceptSet accept, Span<Candidate> hits)
    {
        if (accept.Words.Length != (_rows + 63) / 64)
        {
            throw new ArgumentException("The accept set was made for another number of rows.", nameof(accept));
        }
        return Search(queries, options, accept.Words, accept.Count, hits);
    }

    /// <param name="accept">Bits of the accepted rows, or empty for all.</param>
    /// <param name="accepted">How many they are.</param>
    internal int Search(ReadOnlySpan<float> queries, in SearchOptions options, ReadOnlySpan<ulong> accept, int accepted, Span<Candidate> hits)
    {
        int dimension = _dimension, count = queries.Length / dimension;
        if (queries.Length % dimension != 0)
        {
            throw new ArgumentException($"{queries.Length} values are not a whole number of queries of {dimension}.", nameof(queries));
        }
        if (count == 0)
        {
            return 0;
        }
        if (hits.Length % count != 0)
        {
            throw new ArgumentException($"{hits.Length} hits cannot be shared out evenly among {count} queries.", nameof(hits));
        }
        int wanted = hits.Length / count, found = Math.Min(wanted, accepted);
        for (int first = 0; first < count && found > 0; first += BatchQueries)
        {
            int batch = Math.Min(BatchQueries, count - first);
            int rescored = Prepare(queries.Slice(first * dimension, batch * dimension), batch, options);
            Scan(batch, rescored, accept, hits.Slice(first * wanted, batch * wanted), wanted);
        }
        return found;
    }

    public void Dispose()
    {
        // All of the rows were touched where they are: once for all the queries of a call.
        _truth.Rows.GiveBack();
        _queries.Dispose();
        _sums.Dispose();
        _four.Dispose();
    }

    // A short last group of queries is filled with zeros, which nobody reads the scores of.
    private int Prepare(ReadOnlySpan<float> queries, int batch, in SearchOptions options)
    {
        _queries.Span.Clear();
        int rescored = _check.CheckedPrefix(options.RescoreDimension);
        for (int q = 0; q < batch; q++)
        {
            ReadOnlySpan<float> query = _check.Checked(queries.Slice(q * _dimension, _dimension))[..rescored];
            query.CopyTo(_queries.Span[(q * _queryStride)..]);
            _queryNorms[q] = RowNorm.Of(query);
        }
        return rescored;
    }

    private unsafe void Scan(int batch, int rescored, ReadOnlySpan<ulong> accept, Span<Candidate> hits, int wanted)
    {
        RowLengths lengths = _truth.LengthsAt(rescored);
        Span<int> found = stackalloc int[BatchQueries];
        found.Clear();
        uint next = 0;
        int group;
        while ((group = TakeFour(ref next, accept)) > 0)
        {
            for (int q = 0; q < batch; q += Group)
            {
                FloatRows.Run4x4(
                    _truth.Form, _truth.Measure, (byte*)_truth.Rows.Address, (nuint)_truth.Rows.Stride, _four.Address,
                    _queries.Address + q * _queryStride, (nuint)_queryStride, (nuint)((rescored + 31) / 32 * 32), _sums.Address);
                for (int i = 0; i < Math.Min(Group, batch - q); i++)
                {
                    Span<Candidate> own = hits.Slice((q + i) * wanted, wanted);
                    for (int r = 0; r < group; r++)
                    {
                        uint ordinal = _four.Address[r];
                        float score = TruthScorer.ToScore(_sums.Address[Group * r + i], _truth.Measure, lengths, _queryNorms[q + i], ordinal);
                        TruthRanking.Insert(own, ref found[q + i], new Candidate(ordinal, score));
                    }
                }
            }
        }
    }

    // The next accepted rows; a short group is filled by repeating its last.
    private unsafe int TakeFour(ref uint next, ReadOnlySpan<ulong> accept)
    {
        int group = 0;
        for (; group < Group && next < (uint)_rows; next++)
        {
            if (accept.IsEmpty || (accept[(int)(next >> 6)] >> (int)(next & 63) & 1) != 0)
            {
                _four.Address[group++] = next;
            }
        }
        if (group > 0)
        {
            _four.Span[group..].Fill(_four.Address[group - 1]);
        }
        return group;
    }
}
