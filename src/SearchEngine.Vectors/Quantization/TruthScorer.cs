using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Quantization;

/// <summary>Exact scores from truth rows, four at a time: product, or minus the squared distance.</summary>
internal readonly unsafe struct TruthScorer
{
    private readonly byte* _rows;
    private readonly nuint _stride;
    private readonly nuint _length;
    private readonly float* _query;
    private readonly FloatElement _element;
    private readonly FloatMeasure _measure;
    private readonly int _lines;

    /// <summary>Leading coordinates whose cosine is wanted; 0 when rows are compared as they are.</summary>
    private readonly int _cosinePrefix;
    private readonly float _queryNorm;

    public TruthScorer(RowMemory rows, ElementType element, Metric metric, PreparedQuery query)
    {
        _rows = (byte*)rows.Address;
        _stride = (nuint)rows.Stride;
        _length = (nuint)query.ExactLength;
        _query = query.Exact;
        _element = element == ElementType.Float32 ? FloatElement.Single : FloatElement.Half;
        _measure = metric == Metric.L2 ? FloatMeasure.Distance : FloatMeasure.Dot;
        _lines = ((element == ElementType.Float32 ? 4 : 2) * query.ExactLength + 63) / 64;
        if (metric == Metric.Cosine && query.IsPrefix)
        {
            _cosinePrefix = query.ExactDimension;
            _queryNorm = RowNorm.Of(new ReadOnlySpan<float>(query.Exact, query.ExactDimension));
        }
    }

    public void Prefetch(uint ordinal) => Kernels.Prefetch.Lines(_rows + ordinal * _stride, _lines);

    public void Score(ReadOnlySpan<uint> ordinals, Span<float> scores)
    {
        fixed (uint* o = ordinals)
        fixed (float* s = scores)
        {
            FloatRows.Run4(_element, _measure, _rows, _stride, o, _query, _length, s);
            for (int i = 0; _measure == FloatMeasure.Distance && i < 4; i++)
            {
                s[i] = 0f - s[i];
            }
            for (int i = 0; _cosinePrefix > 0 && i < 4; i++)
            {
                float norm = _queryNorm * PrefixNorm(o[i]);
                s[i] = norm > 0 ? s[i] / norm : 0f;
            }
        }
    }

    // Rows are unit vectors as a whole, their prefixes are not. Only the few rescored rows need the length.
    private float PrefixNorm(uint ordinal)
    {
        byte* row = _rows + ordinal * _stride;
        if (_element == FloatElement.Single)
        {
            return RowNorm.Of(new ReadOnlySpan<float>(row, _cosinePrefix));
        }
        double sum = 0;
        foreach (Half half in new ReadOnlySpan<Half>(row, _cosinePrefix))
        {
            float x = (float)half;
            sum += (double)x * x;
        }
        return (float)Math.Sqrt(sum);
    }
}
