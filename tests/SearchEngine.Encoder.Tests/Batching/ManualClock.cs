namespace SearchEngine.Encoder.Tests.Batching;

/// <summary>Time that stands still until a test moves it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Advance(double millis) => _ticks += (long)(millis * TimeSpan.TicksPerMillisecond);
}
