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

    /// <summary>Where the kernel puts the one of its two results that is not wanted.</summary>
    private readonly int* _other;

    public SignScorer(RowMemory records, PreparedQuery query)
    {
        _records = (byte*)records.Address;
        _stride = (nuint)records.Stride;
        _query = query.Sign;
        _lines = records.Stride / 64;
        _resident = records.IsResident;
        _other = query.Spare;
    }

    public int Ahead => Kernels.Prefetch.RowsInFlight(_lines);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint ordinal) => Kernels.Prefetch.Lines(_records + ordinal * _stride, _lines);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Score(RowGroup rows, ScoreGroup scores) => Run(rows.Address, scores.Address, _other);

    /// <summary>Upper bounds of the scores of four rows, one standard deviation above the estimates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bound(RowGroup rows, ScoreGroup highs) => Run(rows.Address, _other, highs.Address);

    public void Bound(RowBatch rows, int from) => SignScores.Bound(_records, _stride, rows, from, _query);

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
