using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// The index of a live segment and who works on it: encodes ahead of linking, calibrates when there are rows enough, links row by
/// row, tunes as the graph grows. Callers hold the segment open meanwhile.
/// </summary>
internal sealed class LiveLinking(LiveSegment segment) : IDisposable
{
    /// <summary>From so many rows on there are codes to scan. Fitted on so few they may clip what comes later, which costs such scans time
    /// and no hit; a graph would keep it.</summary>
    private const int EarlyRows = 512;

    /// <summary>Rows that are encoded for each that is linked, as long as some wait: a row is encoded in a fiftieth of the time.</summary>
    private const int EncodedAhead = 256;

    private readonly Lock _calibrating = new();
    private LiveWriters? _writers;
    private LiveIndex? _index;
    private LiveCodes? _early;
    private bool _isEarlyTried;

    /// <summary>Null until there are enough rows to calibrate on.</summary>
    public LiveIndex? Index => Volatile.Read(ref _index);

    /// <summary>Codes of rows for which there is no index yet; null while they are few, and where codes say too little of such rows.</summary>
    public LiveCodes? Early => Volatile.Read(ref _early);

    /// <summary>Links the oldest row that waits; false when there is none, or too few rows for a graph.</summary>
    public bool TryLinkNext()
    {
        LiveIndex? index = Index ?? TryCalibrate();
        if (index is null)
        {
            EncodeEarly();
            return false;
        }
        if (!TryTake(index, out uint ordinal))
        {
            return false;
        }
        WithWorker(worker => worker.Link(ordinal));
        index.Finish(ordinal);
        if (index.TryTakeTuning(out int linked) && LiveTuner.Run(segment, index, linked) is TuningCurve curve)
        {
            index.SetTuning(curve);
        }
        return true;
    }

    /// <summary>Lends a worker of the index, which there is.</summary>
    public void WithWorker(Action<LiveWorker> work)
    {
        LiveWorker worker = _writers!.Take();
        try
        {
            work(worker);
            worker.RescueLost();
        }
        finally
        {
            _writers.Return(worker);
        }
    }

    public void Dispose()
    {
        _writers?.Dispose();
        _index?.Dispose();
        _early?.Dispose();
    }

    private static bool TryTake(LiveIndex index, out uint ordinal)
    {
        while (true)
        {
            index.Encoded.Encode(EncodedAhead);
            if (index.TryTake(out ordinal))
            {
                return true;
            }
            if (index.Encoded.HaveAll)
            {
                return false;
            }
        }
    }

    private void EncodeEarly()
    {
        if (segment.Rows.Count < EarlyRows || (Early?.HaveAll ?? Volatile.Read(ref _isEarlyTried)))
        {
            return;
        }
        lock (_calibrating)
        {
            if (_index is not null)
            {
                return;
            }
            if (!_isEarlyTried)
            {
                Volatile.Write(ref _early, MakeEarly());
                Volatile.Write(ref _isEarlyTried, true);
            }
            _early?.Encode(int.MaxValue);
        }
    }

    // Rows of bytes are their own codes.
    private LiveCodes? MakeEarly()
    {
        if (segment.Rows.Element == ElementType.Int8)
        {
            return null;
        }
        SegmentOptions options = segment.Options.Graph;
        Calibration calibration = LiveCalibration.Fit(segment.Rows, options, segment.Rows.Count);
        return calibration.Report is { Mode: ScaleMode.Global, WalksTruth: false }
            ? new LiveCodes(segment.Rows, options.Metric, calibration, segment.Options.CalibrationRows)
            : null;
    }

    private LiveIndex? TryCalibrate()
    {
        int rows = segment.Rows.Count;
        if (rows < segment.Options.CalibrationRows)
        {
            return null;
        }
        lock (_calibrating)
        {
            if (_index is null)
            {
                SegmentOptions options = segment.Options.Graph;
                Calibration calibration = LiveCalibration.Fit(segment.Rows, options, rows);
                var encoded = new LiveCodes(segment.Rows, options.Metric, calibration, segment.Rows.Capacity);
                encoded.Encode(int.MaxValue);
                var index = new LiveIndex(segment.Rows, options, encoded);
                _writers = new LiveWriters(segment.Rows, index, options);
                Volatile.Write(ref _index, index);
                LeaveEarly();
            }
            return _index;
        }
    }

    // Searches that still scan them began before there was an index.
    private void LeaveEarly()
    {
        if (_early is { } early)
        {
            Volatile.Write(ref _early, null);
            segment.Epochs.WaitFor(segment.Epochs.Advance());
            early.Dispose();
        }
    }
}
