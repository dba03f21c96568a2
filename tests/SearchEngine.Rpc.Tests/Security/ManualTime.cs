namespace SearchEngine.Rpc.Tests.Security;

/// <summary>The system's time, moved ahead by hand: timers run as usual, elapsed time is what a test says.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _ahead;

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _ahead);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, (long)(time.TotalSeconds * TimestampFrequency));
}
