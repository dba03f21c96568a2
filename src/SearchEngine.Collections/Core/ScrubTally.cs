using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Core;

/// <summary>Counts what a scrub reads, tells how far it is, and keeps it from reading faster than it may.</summary>
/// <param name="perGibibyte">Least time for reading as much; zero sets no pace.</param>
internal sealed class ScrubTally(TimeSpan perGibibyte, IProgress<WorkProgress>? progress, TimeProvider clock, CancellationToken cancel)
    : IScrubObserver
{
    private const double Gibibyte = 1 << 30;

    private readonly long _began = clock.GetTimestamp();
    private long _total;

    public long Blocks { get; private set; }

    public long Bytes { get; private set; }

    /// <param name="left">Bytes of the files that are still to be read, headers included.</param>
    public void Expect(long left) => _total = Bytes + left;

    public void Checked(int bytes)
    {
        Blocks++;
        Bytes += bytes;
        progress?.Report(new WorkProgress(Bytes, Math.Max(Bytes, _total)));
        // Waits are of whole milliseconds, and a part of one is cut off: the last wait would end too early.
        for (TimeSpan ahead = Ahead(); ahead > TimeSpan.Zero; ahead = Ahead())
        {
            cancel.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(Math.Ceiling(ahead.TotalMilliseconds)));
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Nothing is left: what the total had of headers is done as well.</summary>
    public void End() => progress?.Report(new WorkProgress(Bytes, Bytes));

    private TimeSpan Ahead() => perGibibyte * (Bytes / Gibibyte) - clock.GetElapsedTime(_began);
}
