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

    public TruthScorer(RowMemory rows, ElementType element, Metric metric, PreparedQuery query)
    {
        _rows = (byte*)rows.Address;
        _stride = (nuint)rows.Stride;
        _length = (nuint)query.ExactLength;
        _query = query.Exact;
        _element = element == ElementType.Float32 ? FloatElement.Single : FloatElement.Half;
        _measure = metric == Metric.L2 ? FloatMeasure.Distance : FloatMeasure.Dot;
        _lines = rows.Stride / 64;
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
        }
    }
}
