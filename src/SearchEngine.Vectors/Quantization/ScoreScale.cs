namespace SearchEngine.Vectors.Quantization;

/// <summary>Turns the integer scores of a prepared query into the scores that callers see, and back.</summary>
internal readonly struct ScoreScale
{
    /// <summary>Standard deviations of the code error that no row exceeds: bytes clip, so errors have a tail.</summary>
    private const float Deviations = 8f;

    private readonly float _offset;
    private readonly float _unit;
    private readonly float _distanceOffset;
    private readonly bool _isDistance;

    public ScoreScale(PreparedQuery query, Metric metric, Calibration calibration)
    {
        _offset = query.SimilarityOffset;
        _unit = query.Unit;
        _distanceOffset = query.DistanceOffset;
        _isDistance = metric == Metric.L2;
        bool comparable = !query.IsPrefix && query.CodeLength == calibration.CodeDimension;
        IsComparable = comparable;
        Slack = comparable && calibration.Report is { Mode: ScaleMode.Global, WalksTruth: false }
            ? (int)MathF.Min(1e9f, Deviations * query.CodeError(calibration) / _unit + 1f)
            : int.MaxValue;
        Origin = (0.5f * _distanceOffset - _offset) / _unit;
    }

    /// <summary>Whether codes and truth compare the same coordinates, so that scores of one say something about the other.</summary>
    public bool IsComparable { get; }

    /// <summary>How far the score of a code is from that of its row at most; int.MaxValue when that is not known.</summary>
    public int Slack { get; }

    /// <summary>Whether that is known.</summary>
    public bool IsExact => Slack != int.MaxValue;

    /// <summary>Integer score of a row at distance 0, in the space where the walk's ranking is a distance.</summary>
    public float Origin { get; }

    public float ToScore(long score)
    {
        float similarity = _offset + _unit * score;
        return _isDistance ? 2f * similarity - _distanceOffset : similarity;
    }

    public int FromScore(float score)
    {
        float similarity = _isDistance ? 0.5f * (score + _distanceOffset) : score;
        float rows = (similarity - _offset) / _unit;
        return (int)MathF.Min(MathF.Max(rows, -2147483648f), 2147483520f);
    }

    /// <summary>The greatest exact score that a row of this integer score may have.</summary>
    public float Greatest(int score) => Slack == int.MaxValue ? float.PositiveInfinity : ToScore((long)score + Slack);
}
