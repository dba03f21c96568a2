using SearchEngine.Collections.Log;
using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Log;

/// <summary>A log that failed says so, loses nothing synced, and goes on where that is safe.</summary>
public sealed class LogFailureTests
{
    [Fact]
    public void A_full_disk_is_a_typed_error_and_the_next_group_is_taken()
    {
        using var root = new TempDirectory();
        var files = new FaultyFileLayer(root.Path, seed: 1);
        using FileLog log = LogSamples.Open(root.Path, files: files);
        LogSamples.AppendGroup(log, 3);
        files.FailAt(files.Operations + 1, Fault.ShortWrite);
        CollectionException error = Assert.Throws<CollectionException>(() => LogSamples.AppendGroup(log, 4));
        Assert.Equal(CollectionError.DiskReserve, error.Error);
        Assert.Equal((3UL, 3UL), (log.LastSequence, log.SyncedSequence));
        LogSamples.AppendGroup(log, 2);
        Assert.Equal(LogSamples.Range(1, 5), LogSamples.ReadAll(log));
        Assert.Single(Directory.GetFiles(root.File("log")));
    }

    [Fact]
    public void After_a_failed_sync_the_file_is_not_written_any_more()
    {
        using var root = new TempDirectory();
        var files = new FaultyFileLayer(root.Path, seed: 1);
        using FileLog log = LogSamples.Open(root.Path, files: files, zerosAhead: 0);
        LogSamples.AppendGroup(log, 3);
        files.FailAt(files.Operations + 2, Fault.DeviceError);
        CollectionException error = Assert.Throws<CollectionException>(() => LogSamples.AppendGroup(log, 4));
        Assert.Equal(CollectionError.ReadOnly, error.Error);
        Assert.StartsWith("sync log", files.History[^3], StringComparison.Ordinal);
        Assert.Equal(3UL, log.LastSequence);
        long length = new FileInfo(Directory.GetFiles(root.File("log")).Single()).Length;
        LogSamples.AppendGroup(log, 2);
        Assert.Equal(2, Directory.GetFiles(root.File("log")).Length);
        Assert.Equal(length, new FileInfo(Directory.GetFiles(root.File("log")).Min(StringComparer.Ordinal)!).Length);
        Assert.Equal(LogSamples.Range(1, 5), LogSamples.ReadAll(log));
    }

    [Fact]
    public void A_failure_that_cannot_be_undone_ends_appending_until_the_log_is_opened_again()
    {
        using var root = new TempDirectory();
        var files = new FaultyFileLayer(root.Path, seed: 1);
        using (FileLog log = LogSamples.Open(root.Path, files: files))
        {
            LogSamples.AppendGroup(log, 3);
            files.FailAt(files.Operations + 1, Fault.DeviceError);
            files.FailAt(files.Operations + 2, Fault.DeviceError);
            Assert.Throws<CollectionException>(() => LogSamples.AppendGroup(log, 4));
            int operations = files.Operations;
            CollectionException error = Assert.Throws<CollectionException>(() => log.Append(LogSamples.Record(4)));
            Assert.Equal(CollectionError.ReadOnly, error.Error);
            Assert.Contains(".log", error.What, StringComparison.Ordinal);
            Assert.Throws<CollectionException>(log.Sync);
            Assert.Equal(operations, files.Operations);
            Assert.Equal(LogSamples.Range(1, 3), LogSamples.ReadAll(log));
        }

        using FileLog again = LogSamples.Open(root.Path, files: files);
        LogSamples.AppendGroup(again, 1);
        Assert.Equal(LogSamples.Range(1, 4), LogSamples.ReadAll(again));
    }

    [Fact]
    public void A_mark_that_cannot_be_written_costs_no_acknowledgement()
    {
        using var root = new TempDirectory();
        var files = new FaultyFileLayer(root.Path, seed: 1);
        using FileLog log = LogSamples.Open(root.Path, files: files, zerosAhead: 0);
        LogSamples.AppendGroup(log, 3);
        files.FailAt(files.Operations + 3, Fault.ShortWrite);
        LogSamples.AppendGroup(log, 2);
        Assert.StartsWith("write 40 bytes", files.History[^1], StringComparison.Ordinal);
        Assert.Equal(5UL, log.SyncedSequence);
        LogSamples.AppendGroup(log, 2);
        using FileLog again = LogSamples.Open(root.Path, files: files);
        Assert.Empty(again.Recovery.Damages);
        Assert.Equal(LogSamples.Range(1, 7), LogSamples.ReadAll(again));
    }
}
