using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Quantization;

/// <summary>Exact scores from truth rows, four at a time: product, cosine, or minus the squared distance.</summary>
internal readonly unsafe struct TruthScorer
{
    private readonly byte* _rows;
    private readonly nuint _stride;
    private readonly nuint _length;
    private readonly float* _query;
    private readonly FloatElement _element;
    private readonly FloatMeasure _measure;
    private readonly int _lines;
    private readonly RowLengths _lengths;
    private readonly float _queryNorm;
    private readonly FetchedRows? _fetched;
    private readonly bool _isScan;

    /// <param name="fetched">Where rows that are not touched where they are come to lie; null for rows that are.</param>
    public TruthScorer(TruthRows truth, PreparedQuery query, FetchedRows? fetched = null)
    {
        _fetched = fetched;
        _rows = (byte*)truth.Rows.Address;
        _stride = (nuint)truth.Rows.Stride;
        _length = (nuint)query.ExactLength;
        _query = query.Exact;
        _element = truth.Form;
        _measure = truth.Measure;
        _lines = (FloatRows.BytesOf(_element) * query.ExactLength + 63) / 64;
        _lengths = truth.LengthsAt(query.ExactDimension);
        _queryNorm = _lengths.IsNone ? 1f : RowNorm.Of(new ReadOnlySpan<float>(query.Exact, query.ExactDimension));
    }

    private TruthScorer(in TruthScorer few)
    {
        this = few;
        _isScan = true;
    }

    /// <summary>Scores the rows of a scan: ordinals rise.</summary>
    public TruthScorer OfScan => new(this);

    public void Prefetch(uint ordinal)
    {
        if (_fetched is null)
        {
            Kernels.Prefetch.Lines(_rows + ordinal * _stride, _lines);
        }
        if (!_lengths.IsNone)
        {
            _lengths.Prefetch(ordinal);
        }
    }

    public void Score(ReadOnlySpan<uint> ordinals, Span<float> scores)
    {
        fixed (uint* o = ordinals)
        fixed (float* s = scores)
        {
            Sum(o, s);
            for (int i = 0; i < 4; i++)
            {
                s[i] = ToScore(s[i], _measure, _lengths, _queryNorm, o[i]);
            }
        }
    }

    private void Sum(uint* ordinals, float* sums)
    {
        if (_fetched is null)
        {
            FloatRows.Run4(_element, _measure, _rows, _stride, ordinals, _query, _length, sums);
            return;
        }
        uint* slots = stackalloc uint[FetchedRows.AtOnce];
        int bytes = (int)Math.Min(64 * (nuint)_lines, _stride);
        byte* rows = _isScan ? _fetched.FetchRun(ordinals, bytes, slots) : _fetched.Fetch(ordinals, bytes, slots);
        FloatRows.Run4(_element, _measure, rows, _stride, slots, _query, _length, sums);
    }

    /// <summary>The score of a row from what the kernel summed up.</summary>
    public static float ToScore(float sum, FloatMeasure measure, in RowLengths lengths, float queryNorm, uint ordinal)
    {
        if (measure == FloatMeasure.Distance)
        {
            return 0f - sum;
        }
        if (lengths.IsNone)
        {
            return sum;
        }
        float norm = queryNorm * lengths[ordinal];
        return norm > 0 ? sum / norm : 0f;
    }
}
