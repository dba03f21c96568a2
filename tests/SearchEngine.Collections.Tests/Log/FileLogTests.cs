using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Log;
using SearchEngine.Collections.Storage;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Log;

/// <summary>A log gives back what was synced, in order, across rolls, trims and openings.</summary>
public sealed class FileLogTests
{
    [Theory]
    [InlineData(64 << 20, 256 << 10)]
    [InlineData(600, 0)]
    [InlineData(600, 100)]
    public void Records_come_back_across_rolls_and_openings(long rollBytes, int zerosAhead)
    {
        using var root = new TempDirectory();
        ulong last = 0;
        for (int opening = 0; opening < 5; opening++)
        {
            using FileLog log = LogSamples.Open(root.Path, rollBytes: rollBytes, zerosAhead: zerosAhead);
            Assert.Equal(last, log.LastSequence);
            AssertSound(log.Recovery);
            for (int group = 0; group < 8; group++)
            {
                LogSamples.AppendGroup(log, 1 + group);
                last = log.LastSequence;
                Assert.Equal(last, log.SyncedSequence);
            }

            for (ulong after = 0; after <= last + 1; after += 7)
            {
                Assert.Equal(LogSamples.Range(after + 1, last), LogSamples.ReadAll(log, after));
            }
        }
    }

    [Fact]
    public void Unsynced_records_are_not_read()
    {
        using var root = new TempDirectory();
        using FileLog log = LogSamples.Open(root.Path);
        LogSamples.AppendGroup(log, 3);
        log.Append(LogSamples.Record(4));
        Assert.Equal(LogSamples.Range(1, 3), LogSamples.ReadAll(log));
        Assert.Equal((4UL, 3UL), (log.LastSequence, log.SyncedSequence));
    }

    [Fact]
    public void Trimming_removes_whole_files_and_nothing_after_the_sequence()
    {
        using var root = new TempDirectory();
        using (FileLog log = LogSamples.Open(root.Path, rollBytes: 400))
        {
            for (int group = 0; group < 20; group++)
            {
                LogSamples.AppendGroup(log, 4);
            }

            long before = log.TailBytes;
            int files = Directory.GetFiles(root.File("log")).Length;
            log.TrimThrough(50);
            Assert.True(Directory.GetFiles(root.File("log")).Length < files, "trimming removed no file");
            Assert.True(log.TailBytes < before, "the tail is as long as before trimming");
            Assert.Equal(LogSamples.Range(51, 80), LogSamples.ReadAll(log, 50));
            Assert.Equal(CollectionError.CursorExpired, Assert.Throws<CollectionException>(() => log.ReadAfter(3)).Error);
        }

        using FileLog again = LogSamples.Open(root.Path, durableThrough: 50, rollBytes: 400);
        AssertSound(again.Recovery);
        Assert.Equal(LogSamples.Range(51, 80), LogSamples.ReadAll(again, 50));
        again.TrimThrough(80);
        Assert.Empty(LogSamples.ReadAll(again, 80));
        LogSamples.AppendGroup(again, 2);
        Assert.Equal(LogSamples.Range(81, 82), LogSamples.ReadAll(again, 80));
    }

    [Fact]
    public void A_log_that_ends_before_the_manifest_goes_on_behind_it()
    {
        using var root = new TempDirectory();
        using (FileLog log = LogSamples.Open(root.Path))
        {
            LogSamples.AppendGroup(log, 5);
        }

        using (FileLog log = LogSamples.Open(root.Path, durableThrough: 9))
        {
            AssertSound(log.Recovery);
            Assert.Equal(9UL, log.LastSequence);
            LogSamples.AppendGroup(log, 1);
        }

        using FileLog again = LogSamples.Open(root.Path, durableThrough: 9);
        AssertSound(again.Recovery);
        Assert.Equal([10], LogSamples.ReadAll(again, 9));
    }

    [Fact]
    public void Leftovers_are_removed_and_unknown_files_left_alone()
    {
        using var root = new TempDirectory();
        LogSamples.Open(root.Path).Dispose();
        File.WriteAllText(root.File("log/notes.txt"), "mine");
        File.WriteAllText(root.File("log/00000000000000000007.log.tmp"), "half");
        using FileLog log = LogSamples.Open(root.Path);
        Assert.Equal([root.File("log/notes.txt")], log.Recovery.UnknownFiles);
        Assert.Equal([root.File("log/00000000000000000007.log.tmp")], log.Recovery.RemovedFiles);
        Assert.True(File.Exists(root.File("log/notes.txt")));
        Assert.Empty(log.Recovery.Damages);
    }

    [Fact]
    public void A_log_begun_for_a_restored_snapshot_goes_on_behind_it()
    {
        using var root = new TempDirectory();
        FileLog.Create(DiskFileLayer.Instance, root.File("log"), after: 41);
        using FileLog log = LogSamples.Open(root.Path, durableThrough: 41);
        AssertSound(log.Recovery);
        LogSamples.AppendGroup(log, 1);
        Assert.Equal([42], LogSamples.ReadAll(log, 41));
    }

    [Fact]
    public void Appending_allocates_nothing_after_warm_up()
    {
        using var root = new TempDirectory();
        using FileLog log = LogSamples.Open(root.Path);
        using var buffer = new PooledBuffer();
        var vectors = new ReadOnlyMemory<float>[] { new float[768] };
        byte[] body = new byte[300];
        Append(3000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Append(3000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Append(int count)
        {
            for (int i = 0; i < count; i++)
            {
                buffer.Clear();
                PutRecord.Write(buffer, (ulong)i, 1, body, vectors);
                log.Append(new LogRecord(log.LastSequence + 1, LogRecordKind.Put, buffer.WrittenMemory));
            }
        }
    }

    [Fact]
    public void Payloads_come_back()
    {
        using var buffer = new PooledBuffer();
        float[] first = [1, 2, 3], third = [-4.5f];
        foreach (DocumentId id in new DocumentId[] { 0, ulong.MaxValue, "a", new string('\u00e4', 128) })
        {
            buffer.Clear();
            PutRecord.Write(buffer, id, 7, "body"u8, [first, default, third]);
            PutRecord put = PutRecord.Read(buffer.Written);
            Assert.Equal((id, 7UL), (put.Id, put.Version));
            Assert.True(put.Body.SequenceEqual("body"u8));
            Assert.True(put.Vector(0).SequenceEqual(first) && put.Vector(1).IsEmpty && put.Vector(2).SequenceEqual(third) && put.Vector(3).IsEmpty);
            buffer.Clear();
            PatchRecord.Write(buffer, id, 8, "patch"u8);
            PatchRecord patch = PatchRecord.Read(buffer.Written);
            Assert.True(patch.Id == id && patch.Version == 8 && patch.Patch.SequenceEqual("patch"u8));
            buffer.Clear();
            DeleteRecord.Write(buffer, id, 9);
            Assert.Equal(new DeleteRecord(id, 9), DeleteRecord.Read(buffer.Written));
            for (int length = 0; length < buffer.Length; length++)
            {
                Assert.Throws<CollectionException>(() => DeleteRecord.Read(buffer.Written[..length]));
            }
        }
    }

    [Fact]
    public void Records_out_of_sequence_are_refused()
    {
        using var root = new TempDirectory();
        using FileLog log = LogSamples.Open(root.Path);
        LogSamples.AppendGroup(log, 2);
        Assert.Throws<ArgumentException>(() => log.Append(LogSamples.Record(2)));
        Assert.Throws<ArgumentException>(() => log.Append(LogSamples.Record(4)));
        Assert.Equal(LogSamples.Range(1, 2), LogSamples.ReadAll(log));
    }

    private static void AssertSound(LogRecovery recovery)
    {
        Assert.True(
            recovery.Damages.Count == 0 && recovery.TornBytes == 0,
            $"a sound log is said to be torn ({recovery.TornBytes} bytes) or damaged: {string.Join("; ", recovery.Damages)}");
        Assert.Empty(recovery.UnknownFiles);
    }
}
