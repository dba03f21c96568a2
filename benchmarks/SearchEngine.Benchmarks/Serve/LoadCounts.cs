using SearchEngine.Benchmarks.Collections;

namespace SearchEngine.Benchmarks.Serve;

/// <summary>Collects what became of the searches of one run; any thread may call.</summary>
internal sealed class LoadCounts
{
    private readonly List<double> _micros = [];
    private readonly Lock _gate = new();
    private long _refused;
    private long _failed;

    public void Answered(TimeSpan latency)
    {
        lock (_gate)
        {
            _micros.Add(latency.TotalMicroseconds);
        }
    }

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Failed() => Interlocked.Increment(ref _failed);

    public LoadRun ToRun(double seconds, double cpuMicros)
    {
        lock (_gate)
        {
            int answered = _micros.Count;
            return new LoadRun(answered + _refused + _failed, answered, _refused, _failed, seconds, Percentiles.Of(_micros), cpuMicros);
        }
    }
}
