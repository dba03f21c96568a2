using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Quantization;

/// <summary>
/// Scores rows by their int8 codes: the product of bytes, and a correction record per row where length counts (L2) or
/// rows have their own scale.
/// </summary>
internal readonly unsafe struct CodeScorer : IRowScorer
{
    private readonly byte* _codes;
    private readonly nuint _stride;
    private readonly nuint _length;
    private readonly sbyte* _query;
    private readonly Correction* _corrections;
    private readonly float _factor;
    private readonly float _inverseUnit;
    private readonly int _bias;
    private readonly int _lines;
    private readonly bool _resident;

    /// <param name="length">Bytes of the code that count: all of them, or the codes of a declared prefix.</param>
    public CodeScorer(RowMemory codes, RowMemory? corrections, PreparedQuery query, int length)
    {
        _codes = (byte*)codes.Address;
        _stride = (nuint)codes.Stride;
        _length = (nuint)length;
        _query = query.Bytes;
        _bias = query.Bias;
        _corrections = corrections is null ? null : (Correction*)corrections.Address;
        _factor = query.ByteFactor;
        _inverseUnit = 1f / query.Unit;
        _lines = length / 64;
        _resident = codes.IsResident;
        Ahead = RowsInFlight(_lines);
    }

    public int Ahead { get; }

    /// <summary>About 12 KB in flight; flat between 12 and 32 rows of 768 bytes (measured 2026-11-20).</summary>
    public static int RowsInFlight(int lines) => Math.Clamp(192 / Math.Max(1, lines), 4, 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint ordinal)
    {
        Kernels.Prefetch.Lines(_codes + ordinal * _stride, _lines);
        if (_corrections != null)
        {
            Kernels.Prefetch.Lines((byte*)(_corrections + ordinal), 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Score(RowGroup rows, ScoreGroup scores)
    {
        int* s = scores.Address;
        if (_resident)
        {
            ByteDot.Resident4(_codes, _stride, rows.Address, _query, _length, s);
        }
        else
        {
            ByteDot.Mapped4(_codes, _stride, rows.Address, _query, _length, s);
        }
        (Vector128.Load(s) - Vector128.Create(_bias)).Store(s);
        if (_corrections != null)
        {
            Correct(rows.Address, s);
        }
    }

    // One multiply and one fused multiply-add, in this order, on every machine: results stay equal.
    private void Correct(uint* ordinals, int* scores)
    {
        for (int i = 0; i < 4; i++)
        {
            Correction c = _corrections[ordinals[i]];
            float score = MathF.FusedMultiplyAdd(scores[i] * _factor, c.Ratio, c.Add * _inverseUnit);
            scores[i] = (int)MathF.Min(MathF.Max(score, -2147483648f), 2147483520f);
        }
    }
}
