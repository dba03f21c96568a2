using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Quantization;

/// <summary>
/// Scores rows by their int8 codes: the product of bytes, and a correction record per row where length counts (L2) or
/// rows have their own scale.
/// </summary>
internal readonly unsafe struct CodeScorer : IRowScorer, IBatchScorer
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
    private readonly RowLengths _lengths;
    private readonly float* _truthQuery;
    private readonly FloatElement _element;
    private readonly FloatMeasure _measure;
    private readonly float _similarityOffset;
    private readonly float _prefixFactor;
    private readonly float _offset;
    private readonly float _reach;

    /// <param name="length">Bytes of the code that count: all of them, or the codes of a declared prefix.</param>
    /// <param name="lengths">Lengths of the rows' prefixes where their cosine is wanted.</param>
    public CodeScorer(RowMemory codes, RowMemory? corrections, PreparedQuery query, int length, RowLengths lengths = default)
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
        _lengths = lengths;
        _prefixFactor = corrections is null ? query.ByteFactor : 1f;
        _offset = query.PrefixOffset;
        _reach = query.PrefixReach;
        Ahead = Kernels.Prefetch.RowsInFlight(_lines);
    }

    // Scores in the same units as codes give, but of the rows themselves.
    private CodeScorer(TruthRows truth, PreparedQuery query)
    {
        _codes = (byte*)truth.Rows.Address;
        _stride = (nuint)truth.Rows.Stride;
        _length = (nuint)(query.WalkDimension + 31) / 32 * 32;
        _truthQuery = query.Exact;
        _element = truth.Form;
        _measure = truth.Measure;
        _lines = (int)_length * FloatRows.BytesOf(_element) / 64;
        _lengths = query.WalksPrefix ? truth.LengthsAt(query.WalkDimension) : default;
        _reach = query.PrefixReach;
        _inverseUnit = 1f / query.Unit;
        _similarityOffset = _measure == FloatMeasure.Distance ? 0.5f * query.DistanceOffset : query.SimilarityOffset;
        Ahead = Kernels.Prefetch.RowsInFlight(_lines);
    }

    /// <summary>A scorer for what <paramref name="query"/> was prepared for, a prefix or the whole.</summary>
    public static CodeScorer Of(RowMemory codes, RowMemory? corrections, PreparedQuery query, TruthRows truth)
    {
        if (query.WalksTruth)
        {
            return new CodeScorer(truth, query);
        }
        RowLengths lengths = query.WalksPrefix ? truth.LengthsAt(query.WalkDimension) : default;
        // Corrections that scale rows to unit length have no place beside lengths of prefixes as they are stored.
        bool corrected = lengths.IsNone || !truth.IsUnscaled;
        return new CodeScorer(codes, corrected ? corrections : null, query, query.CodeLength, lengths);
    }

    public int Ahead { get; }

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
        if (_truthQuery != null)
        {
            ScoreTruth(rows.Address, s);
            return;
        }
        if (_resident)
        {
            ByteDot.Resident4(_codes, _stride, rows.Address, _query, _length, s);
        }
        else
        {
            ByteDot.Mapped4(_codes, _stride, rows.Address, _query, _length, s);
        }
        Finish(rows.Address, s);
    }

    public void Score(RowBatch rows)
    {
        if (_truthQuery != null)
        {
            for (int i = 0; i < rows.Count; i += 4)
            {
                Kernels.Prefetch.Rows(_codes, _stride, rows, i, _lines);
                ScoreTruth(rows.Ordinals + i, rows.Scores + i);
            }
            return;
        }
        ByteDot.Score(_codes, _stride, rows, _query, _length);
        for (int i = 0; i < rows.Count; i += 4)
        {
            Finish(rows.Ordinals + i, rows.Scores + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish(uint* ordinals, int* scores)
    {
        (Vector128.Load(scores) - Vector128.Create(_bias)).Store(scores);
        if (_corrections != null)
        {
            Correct(ordinals, scores);
        }
        if (!_lengths.IsNone)
        {
            Divide(ordinals, scores);
        }
    }

    // In double: what is near differs little in distances that may be large.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ScoreTruth(uint* ordinals, int* scores)
    {
        float* sums = stackalloc float[4];
        FloatRows.Run4(_element, _measure, _codes, _stride, ordinals, _truthQuery, _length, sums);
        for (int i = 0; i < 4; i++)
        {
            double similarity = _measure == FloatMeasure.Distance ? _similarityOffset - 0.5 * sums[i] : sums[i] - (double)_similarityOffset;
            double score = similarity * _inverseUnit;
            if (!_lengths.IsNone)
            {
                float length = _lengths[ordinals[i]];
                score = length > 0 ? Math.Min(Math.Max(score / length, -_reach), _reach) : 0;
            }
            scores[i] = (int)Math.Min(Math.Max(score, int.MinValue), int.MaxValue);
        }
    }

    // A product becomes the cosine with a prefix. Where a prefix is nearly zero the error of its code would outweigh it,
    // so no row gets more than a cosine of 1.
    private void Divide(uint* ordinals, int* scores)
    {
        for (int i = 0; i < 4; i++)
        {
            float length = _lengths[ordinals[i]];
            float score = length > 0 ? MathF.FusedMultiplyAdd(scores[i], _prefixFactor, _offset) / length : 0f;
            scores[i] = (int)MathF.Min(MathF.Max(score, -_reach), _reach);
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
