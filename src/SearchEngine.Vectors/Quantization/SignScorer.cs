using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Quantization;

/// <summary>Scores rows by the estimate of their 1-bit records, in the units of the int8 scores.</summary>
internal readonly unsafe struct SignScorer : IRowScorer, IRowEstimator
{
    private readonly byte* _records;
    private readonly nuint _stride;
    private readonly SignQuery* _query;
    private readonly int _lines;
    private readonly bool _resident;

    public SignScorer(RowMemory records, PreparedQuery query)
    {
        _records = (byte*)records.Address;
        _stride = (nuint)records.Stride;
        _query = query.Sign;
        _lines = records.Stride / 64;
        _resident = records.IsResident;
    }

    public int Ahead => CodeScorer.RowsInFlight(_lines);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint ordinal) => Kernels.Prefetch.Lines(_records + ordinal * _stride, _lines);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Score(ReadOnlySpan<uint> ordinals, Span<int> scores)
    {
        int* highs = stackalloc int[4];
        fixed (uint* o = ordinals)
        fixed (int* s = scores)
        {
            Run(o, s, highs);
        }
    }

    /// <summary>Scores four rows and the upper bounds of their estimates, one standard deviation above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bound(ReadOnlySpan<uint> ordinals, Span<int> highs)
    {
        int* scores = stackalloc int[4];
        fixed (uint* o = ordinals)
        fixed (int* h = highs)
        {
            Run(o, scores, h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Run(uint* ordinals, int* scores, int* highs)
    {
        if (_resident)
        {
            SignScores.Resident4(_records, _stride, ordinals, _query, scores, highs);
        }
        else
        {
            SignScores.Mapped4(_records, _stride, ordinals, _query, scores, highs);
        }
    }
}
