using SearchEngine.Collections.Calibrations;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search;

/// <summary>
/// Translates a target recall where the collection was calibrated as a whole. Segments that the calibration searched take its margin.
/// Those made since, live ones included, take the wider of their own and the one of a segment alone: a merge must not bring back what a
/// calibration with harder queries has put right. Searches by a code or on a prefix of their own choice were not measured: they take what the
/// segments were tuned with.
/// </summary>
internal readonly struct TargetMargins
{
    private readonly VectorCalibration? _calibration;
    private readonly CalibrationCurve? _together;
    private readonly CalibrationCurve? _alone;
    private readonly int _vector;
    private readonly float _target;
    private readonly float? _trial;

    public TargetMargins(CheckedQuery query, SearchRequest request, float? target)
    {
        _vector = query.Vector;
        _target = target ?? 0;
        _trial = request.TrialMargin;
        if (target is not null && request.WalkCode is null && query.WalkDimension is null && query.Schema.Calibration is { } calibration)
        {
            _calibration = calibration;
            _together = VectorCalibration.CurveFor(calibration.Curves, request.Offset + request.Count);
            _alone = VectorCalibration.CurveFor(calibration.SegmentCurves, request.Offset + request.Count);
        }
    }

    /// <summary>The margin to search with; null takes the segment's own.</summary>
    public float? For(ViewSource source)
    {
        if (_trial is not null || _calibration is null)
        {
            return _trial;
        }
        return IsCovered(source)
            ? _together!.MarginFor(_target)
            : Math.Max(_alone!.MarginFor(_target), source.OwnMargin(_vector, _target) ?? 0);
    }

    /// <summary>
    /// Whether it was measured that walks of the segment reach the target. What a segment made of its own rows says nothing of queries
    /// that a calibration had from elsewhere; the calibration speaks for segments no larger than it saw, since larger ones need more.
    /// </summary>
    public bool IsTuned(ViewSource source)
    {
        if (IsCovered(source))
        {
            return _together!.Reaches(_target);
        }
        return source.IsTunedFor(_vector, _target)
            && (_calibration is null || (_alone!.Reaches(_target) && SpeaksFor(source, _calibration)));
    }

    private bool SpeaksFor(ViewSource source, VectorCalibration calibration) =>
        calibration.Origin == QueryOrigin.Points || source.VectorRows(_vector) <= calibration.LargestRows;

    private bool IsCovered(ViewSource source) => source.Segment is { } segment && _calibration is not null && _calibration.Covers(segment.Id);
}
