using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>A segment is there as a whole or not at all, wherever its writing ends.</summary>
public sealed class SegmentCrashTests
{
    private const int Count = 100;

    [Fact]
    public void A_freeze_that_stops_at_any_step_leaves_nothing_or_everything()
    {
        using LiveDocuments live = SegmentSample.Sealed(1, Count);
        StopEverywhere(Count, (directory, files) => SegmentSample.Freeze(live, directory, files));
    }

    [Fact]
    public void A_merge_that_stops_at_any_step_leaves_nothing_or_everything()
    {
        using var inputs = new TempDirectory();
        SegmentSample.Write(inputs.File("1"), 1, Count);
        SegmentSample.Write(inputs.File("2"), 1 + Count, Count);
        using DocumentSegment first = SegmentSample.Open(inputs.File("1")), second = SegmentSample.Open(inputs.File("2"), 2);
        StopEverywhere(2 * Count, (directory, files) => SegmentSample.Merge([first, second], directory, files));
    }

    [Fact]
    public void A_cancelled_freeze_leaves_nothing_behind()
    {
        using LiveDocuments live = SegmentSample.Sealed(1, Count);
        CancelEverywhere((directory, files, cancel) => SegmentSample.Freeze(live, directory, files, cancel));
    }

    [Fact]
    public void A_cancelled_merge_leaves_nothing_behind()
    {
        using var inputs = new TempDirectory();
        SegmentSample.Write(inputs.File("1"), 1, Count);
        using DocumentSegment input = SegmentSample.Open(inputs.File("1"));
        CancelEverywhere((directory, files, cancel) => SegmentSample.Merge([input], directory, files, cancel));
    }

    [Fact]
    public void A_segment_is_never_written_over_another()
    {
        using var directory = new TempDirectory();
        SegmentSample.Write(directory.File("segment"), 1, 10);
        using LiveDocuments live = SegmentSample.Sealed(20, 10);
        Assert.Throws<IOException>(() => SegmentSample.Freeze(live, directory.File("segment"), DiskFileLayer.Instance));
        using DocumentSegment kept = SegmentSample.Open(directory.File("segment"));
        Assert.True(kept.TryFind(SegmentSample.IdFor(1), kept.Count, out _));
    }

    // As when the process dies at the step: no later one happens, so nothing can be cleaned up either.
    private static void StopEverywhere(int count, Action<string, IFileLayer> write)
    {
        bool finished = false;
        for (int stopAt = 1; !finished; stopAt++)
        {
            using var directory = new TempDirectory();
            string path = directory.File("segment");
            int step = 0;
            string last = "";
            var files = new ObservedFileLayer(what =>
            {
                last = what;
                if (++step >= stopAt)
                {
                    throw new IOException($"stopped at step {step}: {what}");
                }
            });
            try
            {
                write(path, files);
                finished = true;
            }
            catch (IOException error) when (error.Message.StartsWith("stopped", StringComparison.Ordinal))
            {
            }
            AssertNothingOrAll(path, count, $"step {stopAt}, {last}");
            if (!Directory.Exists(path))
            {
                write(path, DiskFileLayer.Instance);
                AssertNothingOrAll(path, count, $"a second attempt after step {stopAt}");
                Assert.True(Directory.Exists(path));
                Assert.False(Directory.Exists(path + PublishedDirectory.AsideSuffix), $"what step {stopAt} left aside is still there");
            }
            Assert.True(stopAt < 1_000, "the writing never ends");
        }
    }

    private static void CancelEverywhere(Action<string, IFileLayer, CancellationToken> write)
    {
        bool finished = false;
        for (int cancelAt = 0; !finished; cancelAt++)
        {
            using var directory = new TempDirectory();
            using var source = new CancellationTokenSource();
            string path = directory.File("segment");
            int step = 0;
            if (cancelAt == 0)
            {
                source.Cancel();
            }
            var files = new ObservedFileLayer(_ =>
            {
                if (++step == cancelAt)
                {
                    source.Cancel();
                }
            });
            bool cancelled = false;
            try
            {
                write(path, files, source.Token);
            }
            catch (OperationCanceledException)
            {
                cancelled = true;
            }
            Assert.Equal(cancelled ? 0 : 1, Directory.GetFileSystemEntries(directory.Path).Length);
            finished = step < cancelAt;
            Assert.True(!finished || !cancelled, "a writing that nobody cancelled was cancelled");
        }
    }

    private static void AssertNothingOrAll(string path, int count, string where)
    {
        if (!Directory.Exists(path))
        {
            return;
        }
        IReadOnlyList<DamageFinding> findings = SegmentScrub.Run(path, SegmentSample.Schema);
        Assert.True(findings.Count == 0, $"{where}: {string.Join("; ", findings)}");
        using DocumentSegment segment = SegmentSample.Open(path);
        Assert.True(segment.Count == count, $"{where}: {segment.Count} documents of {count}");
    }
}
