using System.Runtime.Intrinsics;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>
/// Late interaction: the sum over the rows of a query of the best product with any row of a document. Four rows are scored
/// against four rows of the query at a time. Owns its scratch: one instance per thread.
/// </summary>
public sealed class MaxSim : IDisposable
{
    private const int Group = 4;

    /// <summary>Kernels take whole groups of coordinates; what is beyond the dimension is 0.</summary>
    private const int Lanes = 32;

    private readonly FloatElement _form;
    private readonly int _stride;
    private readonly int _length;
    private readonly AlignedBuffer<float> _queries;
    private readonly AlignedBuffer<float> _best;
    private readonly AlignedBuffer<float> _sums = new(Group * Group);
    private readonly AlignedBuffer<uint> _four = new(Group);

    /// <param name="query">Rows of finite values, one behind the other; at least one.</param>
    /// <param name="metric">Cosine, which makes the query's rows length 1, or Dot.</param>
    /// <param name="element">Of the stored rows: Float16 or Int8.</param>
    public MaxSim(ReadOnlySpan<float> query, int dimension, Metric metric, ElementType element)
    {
        if (query.IsEmpty || query.Length % dimension != 0 || metric == Metric.L2)
        {
            throw new ArgumentException($"{query.Length} values are not rows of {dimension} to compare by {metric}.", nameof(query));
        }
        _form = element == ElementType.Int8 ? FloatElement.Byte : FloatElement.Half;
        _stride = StrideOf(dimension, element);
        _length = Padded(dimension);
        QueryRows = query.Length / dimension;
        int groups = (QueryRows + Group - 1) / Group;
        _queries = new AlignedBuffer<float>(groups * Group * _length);
        _best = new AlignedBuffer<float>(groups * Group);
        for (int q = 0; q < QueryRows; q++)
        {
            ReadOnlySpan<float> row = query.Slice(q * dimension, dimension);
            Span<float> own = _queries.Span.Slice(q * _length, dimension);
            if (metric == Metric.Cosine && RowNorm.Of(row) is > 0 and float length)
            {
                RowNorm.Divide(row, length, own);
            }
            else
            {
                row.CopyTo(own);
            }
        }
    }

    public int QueryRows { get; }

    /// <summary>Bytes from one stored row to the next: the row, and zeros up to what kernels read.</summary>
    public static int StrideOf(int dimension, ElementType element) => element switch
    {
        ElementType.Float16 => sizeof(ushort) * Padded(dimension),
        ElementType.Int8 => Padded(dimension),
        _ => throw new ArgumentException($"Rows of {element} are not scored by late interaction.", nameof(element)),
    };

    /// <param name="rows">Of one document, each <see cref="StrideOf"/> bytes; at least one.</param>
    /// <param name="lengths">What the products with each row are divided by; empty for nothing.</param>
    public float Score(ReadOnlySpan<byte> rows, ReadOnlySpan<float> lengths)
    {
        Compare(rows, lengths);
        double sum = 0;
        foreach (float best in _best.Span[..QueryRows])
        {
            sum += best;
        }
        return (float)sum;
    }

    /// <summary>The best row of a document for each row of the query, the first of equals, and its score.</summary>
    public void Match(ReadOnlySpan<byte> rows, ReadOnlySpan<float> lengths, Span<int> bestRows, Span<float> scores)
    {
        scores[..QueryRows].Fill(float.NegativeInfinity);
        for (int row = 0; row < rows.Length / _stride; row++)
        {
            Compare(rows.Slice(row * _stride, _stride), lengths.IsEmpty ? default : lengths.Slice(row, 1));
            for (int q = 0; q < QueryRows; q++)
            {
                if (_best.Span[q] > scores[q])
                {
                    (bestRows[q], scores[q]) = (row, _best.Span[q]);
                }
            }
        }
    }

    public void Dispose()
    {
        _queries.Dispose();
        _best.Dispose();
        _sums.Dispose();
        _four.Dispose();
    }

    private unsafe void Compare(ReadOnlySpan<byte> rows, ReadOnlySpan<float> lengths)
    {
        int count = rows.Length / _stride;
        if (count == 0 || rows.Length % _stride != 0 || (!lengths.IsEmpty && lengths.Length != count))
        {
            throw new ArgumentException($"{rows.Length} bytes and {lengths.Length} lengths are not rows of {_stride} bytes.", nameof(rows));
        }
        _best.Span.Fill(float.NegativeInfinity);
        float* sums = _sums.Address;
        fixed (byte* address = rows)
        {
            for (int first = 0; first < count; first += Group)
            {
                // A short last group is filled by repeating its last row.
                for (int i = 0; i < Group; i++)
                {
                    _four.Address[i] = (uint)Math.Min(first + i, count - 1);
                }
                for (int q = 0; q < _best.Length; q += Group)
                {
                    FloatRows.Run4x4(
                        _form, FloatMeasure.Dot, address, (nuint)_stride, _four.Address, _queries.Address + q * _length, (nuint)_length,
                        (nuint)_length, sums);
                    Vector128<float> best = Vector128.Load(_best.Address + q);
                    for (int r = 0; r < Group; r++)
                    {
                        Vector128<float> products = Vector128.Load(sums + Group * r);
                        best = Vector128.Max(best, lengths.IsEmpty ? products : products / lengths[(int)_four.Address[r]]);
                    }
                    best.Store(_best.Address + q);
                }
            }
        }
    }

    private static int Padded(int dimension) => (dimension + Lanes - 1) / Lanes * Lanes;
}
