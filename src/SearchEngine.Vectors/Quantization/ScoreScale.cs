namespace SearchEngine.Vectors.Quantization;

/// <summary>Turns the integer scores of a prepared query into the scores that callers see, and back.</summary>
internal readonly struct ScoreScale
{
    /// <summary>Standard deviations of the code error that no hit exceeds, apart from what clipping takes of its length. Only the errors of
    /// hits can lose one: at 6, one of ten in 100 million searches.</summary>
    private const float Deviations = 6f;

    private readonly float _offset;
    private readonly float _unit;
    private readonly float _distanceOffset;
    private readonly float _inverseNorm;
    private readonly bool _isDistance;
    private readonly Calibration _calibration;
    private readonly PreparedQuery _query;
    private readonly int _error;

    public ScoreScale(PreparedQuery query, Metric metric, Calibration calibration)
    {
        _offset = query.SimilarityOffset;
        _unit = query.Unit;
        _distanceOffset = query.DistanceOffset;
        _isDistance = metric == Metric.L2;
        // Rows are divided by the length of their prefix where they are scored; the query is a prefix as well.
        _inverseNorm = query.WalksPrefix && metric == Metric.Cosine && query.SquaredNorm > 0 ? 1f / MathF.Sqrt(query.SquaredNorm) : 1f;
        bool comparable = !query.IsPrefix && query.CodeLength == calibration.CodeDimension;
        IsComparable = comparable;
        _calibration = calibration;
        _query = query;
        bool isKnown = comparable && calibration.Report is { Mode: ScaleMode.Global, WalksTruth: false };
        float reach = calibration.Report.MaxResidual, clipped = isKnown ? calibration.ClippedPart(reach) : 0f;
        _error = isKnown ? Error(reach) : int.MaxValue;
        Slack = isKnown ? _error + Steps(query.ComparedLength * reach * clipped) : int.MaxValue;
        bool isProportional = isKnown && !_isDistance && !calibration.IsDirect;
        Rounding = isProportional ? _error : Slack;
        ClippedPart = isProportional ? clipped : 0f;
        Origin = (0.5f * _distanceOffset - _offset) / _unit;
    }

    /// <summary>Whether codes and truth compare the same coordinates, so that scores of one say something about the other.</summary>
    public bool IsComparable { get; }

    /// <summary>How far the score of a code is from that of its row at most; int.MaxValue when that is not known.</summary>
    public int Slack { get; }

    /// <summary>As <see cref="Slack"/>, of rounding alone where <see cref="ClippedPart"/> tells the rest.</summary>
    public int Rounding { get; }

    /// <summary>The part of a code's score by which clipping may have made it too small; 0 where <see cref="Rounding"/> has it all.</summary>
    public float ClippedPart { get; }

    /// <summary>Whether that is known.</summary>
    public bool IsExact => Slack != int.MaxValue;

    /// <summary>Integer score of a row at distance 0, in the space where the walk's ranking is a distance.</summary>
    public float Origin { get; }

    public float ToScore(long score)
    {
        float similarity = _offset + _unit * score;
        return _isDistance ? 2f * similarity - _distanceOffset : similarity * _inverseNorm;
    }

    /// <summary>Of a score of whole rows.</summary>
    public int FromScore(float score)
    {
        float similarity = _isDistance ? 0.5f * (score + _distanceOffset) : score;
        float rows = (similarity - _offset) / _unit;
        return (int)MathF.Min(MathF.Max(rows, -2147483648f), 2147483520f);
    }

    /// <summary>The greatest exact score that a row of this integer score may have.</summary>
    public float Greatest(int score) =>
        Slack == int.MaxValue ? float.PositiveInfinity : ToScore(score + Math.Min(Slack, TooSmall(score)));

    // By how much the code of a row may say too little. Of bytes the part that was clipped is no part of the product; otherwise it is, and a near
    // row cannot be far from the centre when the query is not.
    private long TooSmall(int score)
    {
        if (_calibration.IsDirect)
        {
            return Slack;
        }
        float similarity = _unit * ((float)score + _error), reach = _calibration.Report.MaxResidual;
        long error = _error;
        if (_isDistance)
        {
            float farthest = MathF.Sqrt(MathF.Max(0f, _distanceOffset - 2f * _unit * ((float)score - _error)));
            reach = MathF.Min(reach, _query.ComparedLength + farthest);
            similarity += 0.5f * reach * reach;
            error = Error(reach);
        }
        return error + Steps(MathF.Max(0f, similarity) * _calibration.ClippedPart(reach));
    }

    private int Error(float reach) => Steps(Deviations * _query.CodeError(_calibration, reach));

    private int Steps(float similarity) => (int)MathF.Min(5e8f, similarity / _unit + 1f);
}
