using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// The index of a live segment and who works on it: calibrates when there are rows enough, links row by row, tunes as the graph
/// grows. Callers hold the segment open meanwhile.
/// </summary>
internal sealed class LiveLinking(LiveSegment segment) : IDisposable
{
    private readonly Lock _calibrating = new();
    private LiveWriters? _writers;
    private LiveIndex? _index;

    /// <summary>Null until there are enough rows to calibrate on.</summary>
    public LiveIndex? Index => Volatile.Read(ref _index);

    /// <summary>Links the oldest row that waits; false when there is none, or too few rows for a graph.</summary>
    public bool TryLinkNext()
    {
        LiveIndex? index = Index ?? TryCalibrate();
        if (index is null || !index.TryTake(out uint ordinal))
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
                var index = new LiveIndex(segment.Rows, options, LiveCalibration.Fit(segment.Rows, options, rows));
                _writers = new LiveWriters(segment.Rows, index, options);
                Volatile.Write(ref _index, index);
            }
            return _index;
        }
    }
}
