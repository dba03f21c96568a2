using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>The query of one search, prepared for the codes that the segment has when the search begins.</summary>
internal sealed class LiveQuery : IDisposable
{
    private readonly LiveSegment _segment;
    private readonly LiveRows _rows;
    private readonly QueryCheck _check;
    private PreparedQuery _prepared;
    private Calibration _calibration;

    public LiveQuery(LiveSegment segment)
    {
        _segment = segment;
        _rows = segment.Rows;
        _calibration = segment.Uncalibrated;
        _prepared = new PreparedQuery(_calibration, segment.Metric, corrected: false);
        _check = new QueryCheck(segment.Metric, segment.Dimension, segment.Uncalibrated.Cuts);
    }

    public LiveIndex? Index { get; private set; }

    /// <summary>Of the index, or of rows for which there is none yet.</summary>
    public LiveCodes? Codes { get; private set; }

    /// <summary>Rows below have codes, for which <see cref="ToScale"/> holds.</summary>
    public int CodedBelow { get; private set; }

    /// <summary>With the curve that was measured last.</summary>
    public Calibration Tuned => Index?.Tuned ?? _calibration;

    public ScoreScale ToScale() => new(_prepared, _segment.Metric, _calibration);

    public TruthScorer Truth => new(_rows.Truth, _prepared);

    /// <summary>Scores codes, which there are.</summary>
    public CodeScorer Coded => CodeScorer.Of(Codes!.Codes, Codes.Corrections, _prepared, _rows.Truth);

    /// <summary>Bytes of a code that count.</summary>
    public int CodeLength => _prepared.CodeLength;

    /// <summary>Takes in a query. The caller is among the segment's readers.</summary>
    /// <returns>Rows below are linked.</returns>
    public int Prepare(ReadOnlySpan<float> query, in SearchOptions options)
    {
        Index = _segment.Index;
        Codes = Index?.Encoded ?? _segment.Early;
        int linked = Index is { HasEntry: true } index ? index.LinkedBelow : 0;
        // The rows first: then the calibration holds for all of them.
        CodedBelow = Codes?.Below ?? 0;
        if (Codes?.Calibration is { } calibration && calibration != _calibration)
        {
            PreparedQuery before = _prepared;
            _prepared = new PreparedQuery(calibration, _segment.Metric, Codes.Corrections is not null);
            _calibration = calibration;
            before.Dispose();
        }
        _check.Prepare(_prepared, query, options);
        return linked;
    }

    public void Dispose() => _prepared.Dispose();
}
