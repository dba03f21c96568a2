namespace SearchEngine.Server.Search.Admission;

/// <summary>
/// How much longer work takes than its predictions say, with all that happens around it: measured by how fast places become free while
/// somebody waits for them. Used under the desk's lock.
/// </summary>
internal sealed class WorkPace(TimeProvider clock)
{
    /// <summary>Pieces of work that make a sample.</summary>
    private const int SampleSize = 16;

    private const double Gain = 0.25;

    /// <summary>A machine that stood still for a while says nothing of the next search.</summary>
    private const double Most = 10;

    private long? _since;
    private long _predicted;
    private int _ended;

    /// <summary>At least 1: idle moments between searches are no promise.</summary>
    public double Stretch { get; private set; } = 1;

    /// <summary>Work has ended.</summary>
    /// <param name="somebodyWaits">For the place that it leaves.</param>
    public void Ended(long predictedMicros, int workers, bool somebodyWaits)
    {
        if (_since is { } since)
        {
            _predicted += predictedMicros;
            if (++_ended == SampleSize)
            {
                double sample = clock.GetElapsedTime(since).TotalMicroseconds * workers / _predicted;
                Stretch += Gain * (Math.Clamp(sample, 1, Most) - Stretch);
                _since = null;
            }
        }
        if (!somebodyWaits)
        {
            _since = null;
        }
        else if (_since is null)
        {
            (_since, _predicted, _ended) = (clock.GetTimestamp(), 0, 0);
        }
    }
}
